// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pairs of malloc and free at the sites that test/bench/scaling writes.
//   scaling HOW COUNT LIVE THREADS   COUNT pairs by each thread while LIVE objects
//       live; prints the ns of CPU time for each pair, and how many % were guarded.
//       HOW: pairs (not looked at whether guarded), fresh (in slots never used
//       before, as long as there are), or again (after as many as there are slots)
//   scaling report                     prints the us of a read after free
#include "heapfence/heapfence.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_LIVE = 255, MOST_THREADS = 256 };

// Groups of ten sites each.
extern void (*const groups[])(void);
extern const int group_count;

static char *live[MOST_LIVE];
static int counts_guarded, uses_again;
static long pairs_a_thread, guarded;
static __thread long guarded_here;
static pthread_barrier_t barrier;

__attribute__((noinline)) void use(char *p) {
  *p = 1;
  if (counts_guarded)
    guarded_here += heapfence_is_guarded(p);
}

static double ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void run_groups(long pairs) {
  for (int i = 0; pairs > 0; pairs -= 10) {
    groups[i]();
    i = i + 1 == group_count ? 0 : i + 1;
  }
}

/// The program's own pages and caches are there before it counts; also slots that
/// are used again, if it is about those.
static void warm_up(void) {
  enum { MORE_THAN_SLOTS = 5000 };
  if (uses_again)
    run_groups(MORE_THAN_SLOTS);
  if (heapfence_thread_enable)
    heapfence_thread_enable(0);
  run_groups(10L * group_count);
  if (heapfence_thread_enable)
    heapfence_thread_enable(1);
}

static void *run_thread(void *unused) {
  pthread_barrier_wait(&barrier);
  run_groups(pairs_a_thread);
  __atomic_fetch_add(&guarded, guarded_here, __ATOMIC_RELAXED);
  pthread_barrier_wait(&barrier);
  return unused;
}

static void pairs(int live_count, int thread_count) {
  static pthread_t threads[MOST_THREADS];
  warm_up();
  for (int i = 0; i < live_count; ++i)
    live[i] = malloc(64);
  pthread_barrier_init(&barrier, NULL, thread_count + 1);
  for (int i = 0; i < thread_count; ++i)
    pthread_create(&threads[i], NULL, run_thread, NULL);
  double start = ns(CLOCK_PROCESS_CPUTIME_ID);
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  double time = ns(CLOCK_PROCESS_CPUTIME_ID) - start;
  for (int i = 0; i < thread_count; ++i)
    pthread_join(threads[i], NULL);
  double all = (double)pairs_a_thread * thread_count;
  printf("%.3f %.3f\n", time / all, 100 * guarded / all);
}

static void report(void) {
  char *volatile p = malloc(64);
  free(p);
  double start = ns(CLOCK_MONOTONIC);
  *(volatile char *)p;
  printf("%.1f\n", (ns(CLOCK_MONOTONIC) - start) / 1000);
}

int main(int argc, char **argv) {
  if (argc == 5) {
    uses_again = !strcmp(argv[1], "again");
    counts_guarded = uses_again || !strcmp(argv[1], "fresh");
    pairs_a_thread = atol(argv[2]);
    pairs(atoi(argv[3]), atoi(argv[4]));
  } else if (argc == 2 && !strcmp(argv[1], "report")) {
    report();
  }
}
