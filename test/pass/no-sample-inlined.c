// If this fails, HEAPFENCE_NO_SAMPLE has no effect on a function that is inlined,
// as most small ones are.
// RUN: %clang -O2 -I %S/../../runtime/include -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O0 -I %S/../../runtime/include -S -emit-llvm %s -o - | %check %s
#include "heapfence/heapfence.h"
#include <stdlib.h>
HEAPFENCE_NO_SAMPLE __attribute__((always_inline)) static inline void *
obtain(size_t n) {
  return malloc(n);
}
HEAPFENCE_NO_SAMPLE __attribute__((always_inline)) static inline void
release(void *p) {
  free(p);
}
// CHECK-LABEL: define {{.*}}@user(
// CHECK-NOT:   __heapfence_slow
// CHECK-NOT:   __heapfence_cold
// CHECK:       call {{.*}}@malloc(
// CHECK:       call {{.*}}@free(
void *user(void *p, size_t n) {
  char *q = obtain(n + 1);
  q[0] = 1;
  release(p);
  return q;
}
// CHECK-LABEL: define {{.*}}@other(
// CHECK:       @__heapfence_slow.malloc(
void *other(size_t n) { return malloc(n); }
