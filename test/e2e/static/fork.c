// If this fails, a forked child has no ticker and is not sampled, or a fork while
// branches are written leaves it stuck.
// RUN: %clang %static -O2 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:budget_percent=5 %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_int stop;

static int hot(void) {
  void *volatile p = malloc(10);
  int is = heapfence_is_guarded(p);
  free(p);
  return is;
}

static void *work(void *unused) {
  while (!stop)
    hot();
  return unused;
}

static int run_for(double seconds) {
  int guarded = 0;
  clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
  while (clock() < end)
    for (int i = 0; i != 1000; ++i)
      guarded += hot();
  return guarded;
}

/// 0 if a child that runs for a while was sampled, and has its thread.
static int child(void) {
  if (fork() == 0) {
    run_for(0.1); // What it inherits is closed by now.
    struct stat tasks;
    stat("/proc/self/task", &tasks);
    _exit(!(run_for(0.4) && tasks.st_nlink == 2 + 2));
  }
  int status;
  wait(&status);
  return status;
}

int main(void) {
  run_for(0.2);
  int failed = child() != 0;
  printf("child failed: %d\n", failed);
  fflush(stdout);
  // Under a thread whose trips write branches.
  pthread_t t;
  pthread_create(&t, NULL, work, NULL);
  failed = 0;
  for (int i = 0; i != 200; ++i) {
    if (fork() == 0) {
      hot();
      heapfence_guard_next();
      hot();
      _exit(0);
    }
    int status;
    wait(&status);
    failed += status != 0;
  }
  stop = 1;
  pthread_join(t, NULL);
  printf("children failed: %d\n", failed);
}
// CHECK-NOT: HeapFence
// CHECK: child failed: 0
// CHECK-NEXT: children failed: 0
