// If this fails, a program's own operator new would not see all calls.
// RUN: %clangxx -O1 -S -emit-llvm %s -o - | %check %s
// RUN: %clangxx -O1 -S -emit-llvm -DPLAIN %s -o - | %check %s --check-prefix=PLAIN
#include <cstddef>
#include <cstdlib>
#ifndef PLAIN
void *operator new(std::size_t N) { return std::malloc(N); }
#endif
int *make() { return new int; }
// CHECK: @__heapfence_replaces_new = weak constant i8 1
// PLAIN-NOT: __heapfence_replaces_new
