// If this fails, HEAPFENCE_NO_SAMPLE is ignored.
// RUN: %clang -O1 -I %S/../../runtime/include -S -emit-llvm %s -o - | %check %s
#include "heapfence/heapfence.h"
#include <stdlib.h>
HEAPFENCE_NO_SAMPLE void *left_alone(size_t n) { return malloc(n); }
// CHECK: define {{.*}}@left_alone(
// CHECK-NOT: __heapfence_countdown
void *guarded(size_t n) { return malloc(n); }
// CHECK: define {{.*}}@guarded(
// CHECK: __heapfence_countdown
