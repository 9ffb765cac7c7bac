// If this fails, a wrapper in a shared library is no context, its allocations are
// not guarded on behalf of their callers, or a library without HeapFence breaks
// what is armed.
// RUN: %clang -O2 -DLIBRARY -fPIC -shared %s -o %t.so
// RUN: %clang -O2 -I%S/../../../runtime/include %s %t.so -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
// RUN: %plain -O2 -DLIBRARY -fPIC -shared %s -o %t.so
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s --check-prefix=PLAIN
#include <stddef.h>
#include <stdlib.h>
void *lib_alloc(size_t n);
#ifdef LIBRARY
void *lib_alloc(size_t n) { return malloc(n); }
#else
#include <heapfence/heapfence.h>
#include <stdio.h>

static int drop(void *volatile p) {
  int is = heapfence_is_guarded(p);
  free(p);
  return is;
}
__attribute__((noinline)) int hot(void) { return drop(lib_alloc(10)); }
__attribute__((noinline)) int rare(void) { return drop(lib_alloc(10)); }
__attribute__((noinline)) int own(void) { return drop(malloc(10)); }

int main(void) {
  int first = hot(), many = 0;
  for (int i = 0; i != 1000000; ++i)
    many += hot() + own();
  printf("first: %d, rare: %d, others: %s\n", first, rare(),
         many < 2000 ? "few" : "many");
}
#endif
// CHECK-NOT: HeapFence
// CHECK: first: 1, rare: 1, others: few
// PLAIN-NOT: HeapFence
// PLAIN: first: 0, rare: 0, others: few
