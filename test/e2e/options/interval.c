// If this fails, sample_interval_ms and burst guard another number of allocations
// than so many each time.
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:sample_interval_ms=100:burst=1 %run %t 1 11 | %check %s
// RUN: env HF=sample_every=0:sample_interval_ms=100:burst=20 %run %t 20 220 | %check %s
// RUN: env HF=sample_every=0:sample_interval_ms=1000000 %run %t 1 1 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  int guarded = 0;
  for (double start = now(); now() - start < 1;)
    for (int i = 0; i != 100; ++i) {
      char *volatile p = malloc(i);
      guarded += heapfence_is_guarded(p);
      free(p);
    }
  // The first at once. A busy machine may miss the end of an interval.
  int is_in = guarded >= atoi(argv[1]) && guarded <= atoi(argv[2]);
  printf("%s %d\n", is_in ? "right" : "wrong", guarded);
}
// CHECK: {{^}}right
