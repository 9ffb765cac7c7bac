// If this fails, a call of a wrapper is not guarded the first time it runs, since
// the branch of the allocation inside is closed by then.
// RUN: %clang %static -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:budget_percent=1 %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))
NOINLINE void *my_alloc(size_t n) { return malloc(n + 8); }
static int drop(void *volatile p) {
  int is = heapfence_is_guarded(p);
  free(p);
  return is;
}
#define RARE(N)                                                                \
  NOINLINE static int rare##N(void) { return drop(my_alloc(N)); }
RARE(1) RARE(2) RARE(3) RARE(4) RARE(5) RARE(6) RARE(7) RARE(8)
static int (*const rare[])(void) = {rare1, rare2, rare3, rare4,
                                    rare5, rare6, rare7, rare8};
NOINLINE static int hot(void) { return drop(my_alloc(10)); }

int main(void) {
  int first = 0, many = 0;
  for (int i = 0; i != 8; ++i) {
    for (int j = 0; j != 1000000; ++j)
      many += hot();
    first += rare[i]();
  }
  printf("first: %d, hot: %s\n", first, many < 2000 ? "few" : "many");
}
// CHECK-NOT: HeapFence
// CHECK: first: 8, hot: few
