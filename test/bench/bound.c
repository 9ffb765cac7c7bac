// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Allocates and frees at a given rate for a given time: what test/bench/bound
// looks at.
//   bound steady THREADS RATE SECONDS   RATE: allocations a second, all threads
//   bound churn  THREADS RATE SECONDS   each thread lives for 1000 allocations
//   bound fork   CHILDREN RATE SECONDS  a server: each child lives for RATE
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double deadline, rate_per_thread;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

// Different sites, so that there is always one that was rarely guarded.
#define SITE(N)                                                                \
  __attribute__((noinline)) static void site##N(unsigned long i) {             \
    char *volatile p = malloc(i % 200 + N);                                    \
    p[0] = 1;                                                                  \
    free(p);                                                                   \
  }
#define SITES(M)                                                               \
  M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14)   \
  M(15) M(16)
SITES(SITE)
#define NAME(N) site##N,
static void (*const sites[])(unsigned long) = {SITES(NAME)};

static void allocate(unsigned long i) { sites[i % 16](i / 16); }

static void *steady(void *unused) {
  double start = now();
  for (unsigned long done = 0; now() < deadline;) {
    unsigned long due = (now() - start) * rate_per_thread + 1;
    if (due > done + 10000)
      due = done + 10000;
    for (; done < due; ++done)
      allocate(done);
    double ahead = done / rate_per_thread - (now() - start);
    if (ahead > 0) {
      struct timespec t = {0, ahead < 0.01 ? ahead * 1e9 : 10000000};
      nanosleep(&t, NULL);
    }
  }
  return unused;
}

static void *brief(void *unused) {
  for (unsigned long i = 0; i != 1000; ++i)
    allocate(i);
  return unused;
}

static void *churn(void *unused) {
  while (now() < deadline) {
    pthread_t t;
    if (pthread_create(&t, NULL, brief, NULL) == 0)
      pthread_join(t, NULL);
  }
  return unused;
}

static void serve(int children, unsigned long allocations) {
  for (int running = 0; now() < deadline;) {
    if (running == children) {
      wait(NULL);
      --running;
    }
    if (fork() == 0) {
      for (unsigned long i = 0; i != allocations; ++i)
        allocate(i);
      exit(0);
    }
    ++running;
  }
  while (wait(NULL) > 0)
    ;
}

int main(int argc, char **argv) {
  if (argc != 5)
    return 2;
  int threads = atoi(argv[2]);
  rate_per_thread = atof(argv[3]) / threads;
  deadline = now() + atof(argv[4]);
  if (!strcmp(argv[1], "fork")) {
    serve(threads, atol(argv[3]));
    return 0;
  }
  pthread_t all[256];
  for (int i = 0; i != threads; ++i)
    pthread_create(&all[i], NULL, strcmp(argv[1], "churn") ? steady : churn,
                   NULL);
  for (int i = 0; i != threads; ++i)
    pthread_join(all[i], NULL);
}
