// If this fails, realloc loses contents between guarded memory and the heap, in
// one of the four directions, growing or shrinking.
// RUN: %plain -O2 -shared -fPIC %S/../free/Inputs/release.c -o %t.so
// RUN: %clang -O0 -I%S/../../../runtime/include %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

// In a library without instrumentation: their results are not guarded.
void *obtain(size_t Size);
void *resize(void *P, size_t Size);

static void check(int FromHeap, int ToHeap, size_t Old, size_t New) {
  char *P = FromHeap ? obtain(Old) : malloc(Old);
  int Wrong = heapfence_is_guarded(P) == FromHeap;
  for (size_t I = 0; I != Old; ++I)
    P[I] = (char)(I * 7);
  P = ToHeap ? resize(P, New) : realloc(P, New);
  Wrong += heapfence_is_guarded(P) == ToHeap;
  for (size_t I = 0; I != (Old < New ? Old : New); ++I)
    Wrong += P[I] != (char)(I * 7);
  P[New - 1] = 1;
  free(P);
  printf("%d%d %zu %zu: %d\n", FromHeap, ToHeap, Old, New, Wrong);
}

int main(void) {
  for (int I = 0; I != 4; ++I) {
    check(I & 1, I >> 1, 100, 3000);
    check(I & 1, I >> 1, 20000, 17);
    check(I & 1, I >> 1, 64, 64);
  }
}
// CHECK-NOT: {{HeapFence|: [1-9]}}
// CHECK: {{^}}11 64 64: 0
