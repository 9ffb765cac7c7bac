// If this fails, memory that never belonged to an object is reported again and
// again, or objects are no longer reported after it.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=guard=mprotect %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  volatile char *P = malloc(16);
  for (int I = 0; I != 100; ++I)
    P[(300 << 20) + I * 4096] = 1;
  P[16] = 1;
  free((void *)P);
  puts("done");
}
// CHECK:     ERROR: HeapFence: wild-access
// CHECK-NOT: ERROR
// CHECK:     ERROR: HeapFence: heap-buffer-overflow
// CHECK-NOT: ERROR
// CHECK:     {{^}}done
