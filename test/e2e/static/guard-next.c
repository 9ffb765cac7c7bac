// If this fails, heapfence_guard_next does nothing at a site whose branch is closed,
// or heapfence_thread_enable(0) leaves one sampled.
// RUN: %clang %static -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int allocate(void) {
  void *volatile p = malloc(10);
  int is = heapfence_is_guarded(p);
  free(p);
  return is;
}

int main(void) {
  int before = 0, asked = 0;
  for (int i = 0; i != 10; ++i) {
    for (int j = 0; j != 300000; ++j)
      before += allocate();
    heapfence_guard_next();
    asked += allocate();
  }
  heapfence_thread_enable(0);
  int after = 0;
  for (int j = 0; j != 3000000; ++j)
    after += allocate();
  printf("by itself: %s, asked: %d, switched off: %d\n",
         before < 1000 ? "few" : "many", asked, after);
}
// CHECK: by itself: few, asked: 10, switched off: 0
