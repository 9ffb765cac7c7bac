// If this fails, an option given to the compiler has no effect, in the LLVM
// versions that parse options before they load -fpass-plugin.
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-free-sites=false -S -emit-llvm %s -o - | %check %s --check-prefix=NOFREE
// RUN: %clang -O2 -mllvm -heapfence-alloc-sites=0 -S -emit-llvm %s -o - | %check %s --check-prefix=NOALLOC
// RUN: not %clang -O2 -mllvm -heapfence-alloc-sites=maybe -S -emit-llvm %s -o %t 2>&1 | %check %s --check-prefix=VALUE
#include <stdlib.h>
// NOFREE:     __heapfence_slow.malloc
// NOFREE-NOT: .Lheapfence_return
// NOALLOC-NOT: __heapfence_slow.malloc
// NOALLOC:     .Lheapfence_return
// VALUE: 'maybe' is invalid value for boolean argument
void *user(void *p, size_t n) {
  char *q = malloc(n);
  q[0] = 1;
  free(p);
  return q;
}
