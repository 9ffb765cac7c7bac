// If this fails, a program cannot ask for its next allocation to be guarded, or
// for a thread to be left alone.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:budget_percent=0 %run %t | %check %s --check-prefixes=CHECK,QUIET
// RUN: env HF=sample_every=1 %run %t | %check %s --check-prefixes=CHECK,EACH
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:budget_percent=0 %run %t | %check %s --check-prefixes=CHECK,QUIET
// RUN: env HF=sample_every=0:enabled=0 %run %t | %check %s --check-prefix=OFF
// RUN: %plain -I%S/../../../runtime/include %s -o %t.plain
// RUN: %t.plain | %check %s --check-prefix=OFF
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

static int guarded(void) {
  char *volatile p = malloc(10);
  p[0] = 1;
  int is = heapfence_is_guarded && heapfence_is_guarded(p);
  free(p);
  return is;
}

int main(void) {
  int asked = 0, others = 0;
  for (int i = 0; i != 100; ++i) {
    if (heapfence_guard_next)
      heapfence_guard_next();
    asked += guarded();
    others += guarded();
  }
  printf("asked: %d, others: %d\n", asked, others);
  if (heapfence_thread_enable)
    heapfence_thread_enable(0);
  int off = 0, on = 0;
  for (int i = 0; i != 100; ++i)
    off += guarded();
  if (heapfence_thread_enable)
    heapfence_thread_enable(1);
  if (heapfence_guard_next)
    heapfence_guard_next();
  on = guarded();
  printf("off: %d, on again: %d\n", off, on);
}
// QUIET: asked: 100, others: 0
// EACH:  asked: 100, others: 100
// CHECK: off: 0, on again: 1
// OFF: asked: 0, others: 0
// OFF: off: 0, on again: 0
