// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Says how many allocations are guarded after each turn of a knob, by the command
// line given: `HEAPFENCE set`.
#define _GNU_SOURCE
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int run_for(double seconds, int *all) {
  int guarded = 0;
  *all = 0;
  clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
  while (clock() < end)
    for (int i = 0; i != 100; ++i, ++*all) {
      void *volatile p = malloc(10);
      guarded += heapfence_is_guarded(p);
      free(p);
    }
  return guarded;
}

int main(int argc, char **argv) {
  const char *steps[] = {"start",
                         "enabled=0",
                         "enabled=1",
                         "budget_percent=0",
                         "budget_percent=20",
                         "sample_every=1"};
  for (int i = 0; i != 6; ++i) {
    char command[500];
    snprintf(command, sizeof(command), "%s %s %d %s", argv[1], argv[2],
             getpid(), steps[i]);
    if (i && system(command))
      return 1;
    int all;
    // The ticker sees it after a while (half a second of CPU time if all is off),
    // and the budget has to be earned.
    if (i)
      run_for(i == 4 ? 1.2 : 0.6, &all);
    int guarded = run_for(0.3, &all);
    printf("%s: %s\n", steps[i],
           guarded == all ? "all"
           : guarded      ? "some"
                          : "none");
    fflush(stdout);
  }
}
