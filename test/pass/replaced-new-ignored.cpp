// If this fails, the runtime does not learn of a program's own operator new when
// its source is on the ignore list, as an allocator's is.
// RUN: echo '[heapfence]' > %t.list
// RUN: echo 'src:*replaced-new-ignored.cpp' >> %t.list
// RUN: %clangxx -O1 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.list -S -emit-llvm %s -o - | %check %s
#include <cstddef>
#include <cstdlib>
void *operator new(std::size_t N) { return std::malloc(N); }
void operator delete(void *P) noexcept { std::free(P); }
// CHECK:     @__heapfence_replaces_new = weak constant i8 1
// CHECK-NOT: __heapfence_slow
