// If this fails, reports show the code that the pass adds, or the wrong site:
// allocations through wrappers and function pointers.
// RUN: %clang -O0 -g %s -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s --implicit-check-not=__heapfence
// RUN: env HF=sample_every=0:symbolize=1 %run %t 2>&1 | %check %s --implicit-check-not=__heapfence
// RUN: env HF=sample_every=0 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -g %s -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s --implicit-check-not=__heapfence
// RUN: env HF=sample_every=0:symbolize=1 %run %t 2>&1 | %check %s --implicit-check-not=__heapfence
// RUN: env HF=sample_every=0 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))
static void *(*volatile hook)(size_t) = malloc;
NOINLINE void *hook_alloc(size_t n) {
  char *p = hook(n);
  p[0] = 1;
  return p;
}
NOINLINE void *node_alloc(void) {
  char *p = hook_alloc(24);
  p[1] = 2;
  return p;
}

int main(int argc, char **argv) {
  char *volatile p = node_alloc();
  if (argc == 1)
    free(p);
  printf("%d\n", p[0]);
  if (argc != 1)
    free(p);
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: previously allocated by thread T0 here:
// CHECK-NEXT: #0 0x{{[0-9a-f]+}} {{(in hook_alloc .*frames.c:[0-9]+:[0-9]+ )?}}(
// CHECK-NEXT: #1
// CHECK-NEXT: #2
// FIXED-NOT: HeapFence
// FIXED: {{^}}1
