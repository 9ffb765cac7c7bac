// If this fails, one of the two ways to close pages does not catch errors, or
// cannot be chosen.
// RUN: %clang -O1 %s -o %t
// RUN: env HF=guard=mprotect:verbosity=1 %run %t 2>&1 | %check %s --check-prefixes=CHECK,MPROTECT
// RUN: env HF=guard=auto %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  volatile char *P = malloc(16), *Q = malloc(9000);
  P[16] = 1;
  free((void *)P);
  free((void *)Q);
  Q[5000] = 1;
  puts("done");
}
// MPROTECT: live objects, mprotect
// CHECK: ERROR: HeapFence: heap-buffer-overflow
// CHECK: is located 0 bytes after 16-byte region
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: is located 5000 bytes inside of 9000-byte region
// CHECK: {{^}}done
