// If this fails, a program that gives memory of its heap back to the system loses
// guarded objects with it.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *P = malloc(50);
  memset(P, 'x', 50);
  // More than the pool takes: most are the heap's.
  char *Many[1000];
  for (int I = 0; I != 1000; ++I)
    memset(Many[I] = malloc(5000), 1, 5000);
  for (int I = 0; I != 1000; ++I)
    free(Many[I]);
  printf("trimmed %d, ", malloc_trim(0));
  int Wrong = 0;
  for (int I = 0; I != 50; ++I)
    Wrong += P[I] != 'x';
  free(P);
  printf("wrong %d\n", Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}trimmed 1, wrong 0
