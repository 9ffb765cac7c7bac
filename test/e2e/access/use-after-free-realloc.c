// If this fails, the address an object had before realloc moved it is not
// guarded, or the report does not name realloc's call as the free.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile Old = malloc(16);
  Old[8] = 'x';
  char *volatile New = realloc(Old, 64);
  char C = argc > 1 ? New[8] : Old[8];
  printf("%d %c\n", C == 'x', New[8]);
  free(New);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 8 bytes inside of 16-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}realloc.c:[[#@LINE-9]]:24 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}realloc.c:[[#@LINE-13]]:24 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}0 x

// FIXED-NOT: HeapFence
// FIXED: {{^}}1 x
