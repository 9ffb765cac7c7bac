// If this fails, a function declared HEAPFENCE_NO_SAMPLE is guarded.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

HEAPFENCE_NO_SAMPLE __attribute__((noinline)) void *obtain(size_t Size) {
  return malloc(Size);
}

int main(void) {
  void *volatile P = obtain(10), *volatile Q = malloc(10);
  printf("%d %d\n", heapfence_is_guarded(P), heapfence_is_guarded(Q));
  free(P);
  free(Q);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}0 1
