// If this fails, the free of a pointer just before or just past an object goes
// unseen, or is told with a wrong distance.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile int HasBug = argc == 1;
  char *volatile P = malloc(16), *volatile Q = malloc(16);
  if (HasBug)
    free(P - 1);
  if (HasBug)
    free(Q + 16);
  free(P);
  free(Q);
  puts("done");
}
// CHECK:      ERROR: HeapFence: invalid-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}outside.c:[[#@LINE-9]]:5 (
// CHECK:      {{^}}[[P]] is located 1 byte before 16-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}outside.c:[[#@LINE-14]]:22 (
// CHECK:      ERROR: HeapFence: invalid-free on address [[Q:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[Q]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}outside.c:[[#@LINE-13]]:5 (
// CHECK:      {{^}}[[Q]] is located 0 bytes after 16-byte region [
// CHECK-NOT:  ERROR
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
