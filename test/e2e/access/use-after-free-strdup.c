// If this fails, strings of strdup and strndup are not guarded.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char *volatile P = strdup("heap");
  char *volatile Q = strndup("fence", 3);
  printf("%s %s\n", P, Q);
  free(P);
  free(Q);
  if (argc == 1)
    printf("%d\n", P[1] + Q[0]);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}READ at [[P:0x[0-9a-f]+]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 1 byte inside of 5-byte region [
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}strdup.c:[[#@LINE-12]]:22 (
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}READ at [[Q:0x[0-9a-f]+]] thread T0{{$}}
// CHECK:      {{^}}[[Q]] is located 0 bytes inside of 4-byte region [
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}strdup.c:[[#@LINE-16]]:22 (
// CHECK:      {{^}}heap fen
// CHECK-NEXT: {{^}}0

// FIXED-NOT: HeapFence
// FIXED: {{^}}heap fen
