// If this fails, a program that goes on after the use of a freed object sees its
// old contents, which may be secret, or another object's.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=guard=mprotect %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *P = malloc(6000);
  memset(P, 's', 6000);
  volatile char *Q = P;
  __asm__ volatile("" : : "r"(P) : "memory");
  free(P);
  int NotZero = 0;
  for (int I = 0; I != 6000; ++I)
    NotZero += Q[I] != 0;
  printf("not zero: %d\n", NotZero);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NOT:  ERROR
// CHECK:      {{^}}not zero: 0
