// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Allocates, touches each page, and frees: what test/bench/heap_cost looks at.
//   heap_cost BYTES TIMES   prints the ns of CPU time for each time
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return 2;
  size_t bytes = strtoul(argv[1], NULL, 10);
  long times = atol(argv[2]);
  double start = cpu_ns();
  for (long i = 0; i != times; ++i) {
    char *volatile p = malloc(bytes);
    for (size_t at = 0; at < bytes; at += 4096)
      p[at] = 1;
    free(p);
  }
  printf("%.2f\n", (cpu_ns() - start) / times);
}
