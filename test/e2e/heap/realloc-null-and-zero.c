// If this fails, realloc does not allocate for a null pointer, or does not free
// for a size of 0.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = realloc(NULL, 24);
  P[23] = 'x';
  char *volatile Q = P;
  putchar(Q[23]);
  P = realloc(P, 0);
  printf("%d\n", P == NULL);
  if (argc == 1)
    Q[23] = 'y';
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 23 bytes inside of 24-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}zero.c:[[#@LINE-8]]:7 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}zero.c:[[#@LINE-14]]:22 (
// CHECK:      {{^}}x1

// FIXED-NOT: HeapFence
// FIXED: {{^}}x1
