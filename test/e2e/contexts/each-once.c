// If this fails, rare callers of a busy allocation wrapper are not guarded: with
// default options the first execution of each context is, nested ones too.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
// RUN: %clang -O2 -mllvm -heapfence-contexts=0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s --check-prefix=OFF
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))
NOINLINE void *my_alloc(size_t n) { return malloc(n + 8); }
NOINLINE void *node_alloc(void) { return my_alloc(24); }
static void *(*volatile hook)(size_t) = malloc;
NOINLINE void *hook_alloc(size_t n) { return hook(n); }

static int drop(void *volatile p) {
  int is = heapfence_is_guarded(p);
  free(p);
  return is;
}
NOINLINE int hot(void) { return drop(my_alloc(10)); }
NOINLINE int rare1(void) { return drop(my_alloc(10)); }
NOINLINE int rare2(void) { return drop(node_alloc()); }
NOINLINE int rare3(void) { return drop(hook_alloc(10)); }

int main(void) {
  int first = hot(), many = 0;
  for (int i = 0; i != 3000000; ++i)
    many += hot() + (i < 1000000 ? drop(hook_alloc(3)) : 0);
  int one = rare1(), two = rare2(), three = rare3();
  printf("hot: %d %s, rare: %d %d %d\n", first, many < 3000 ? "few" : "many",
         one, two, three);
}
// CHECK: hot: 1 few, rare: 1 1 1
// OFF: hot: 1 few, rare: 0
