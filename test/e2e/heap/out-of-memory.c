// If this fails, a request that cannot be met does not fail as the C library's
// functions do, or costs the program its old object.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void expectNoMemory(void *P) {
  void *volatile Result = P;
  printf("%d%d ", Result == NULL, errno == ENOMEM);
  errno = 0;
}

int main(void) {
  volatile size_t Huge = SIZE_MAX;
  expectNoMemory(malloc(Huge));
  expectNoMemory(malloc(Huge / 2));
  expectNoMemory(calloc(Huge / 2, 4));
  expectNoMemory(calloc(Huge, 1));
  expectNoMemory(aligned_alloc(64, Huge & ~(size_t)63));
  char *volatile P = malloc(10);
  P[9] = 'x';
  expectNoMemory(realloc(P, Huge));
  expectNoMemory(reallocarray(P, Huge / 2, 4));
  putchar(P[9]);
  void *Q = P;
  printf(" %d", posix_memalign(&Q, 64, Huge) == ENOMEM);
  printf("%d", posix_memalign(&Q, 24, 10) == EINVAL);
  printf("%d\n", posix_memalign(&Q, 2, 10) == EINVAL && Q == P);
  free(P);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}11 11 11 11 11 11 11 x 111{{$}}
