// If this fails, a buffer grown step by step loses bytes, or is caught for
// nothing.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=2 %run %t 2>&1 | %check %s
// RUN: %clang -O3 %s -o %t
// RUN: env HF=sample_every=3:placement=left %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  unsigned char *P = NULL;
  int Wrong = 0;
  for (int Size = 1; Size != 3000; ++Size) {
    P = Size % 2 ? realloc(P, Size) : reallocarray(P, Size / 2, 2);
    P[Size - 1] = Size % 251;
    Wrong += P[Size / 2] != (Size / 2 + 1) % 251;
  }
  for (int Size = 2998; Size > 0; Size -= 7) {
    P = realloc(P, Size);
    Wrong += P[Size - 1] != Size % 251;
  }
  free(P);
  printf("wrong %d\n", Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}wrong 0{{$}}
