// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What test/bench/process looks at.
//   process                      one allocation
//   process show FILE COUNT      writes FILE while COUNT more objects live
//   process pairs COUNT          so many pairs
//   process threads COUNT        creates and joins so many threads, one after
//                                the other, of one allocation each; prints the
//                                us of each
//   process forks COUNT          the same of forked children, which are waited
//   for process spawn COUNT A B      runs A and B in turn, so many times;
//   prints the
//                                us of A and of B, a line each time
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 255 };
static char buffer[1 << 16]; // Not on the heap: what is added is not its.
static char *live[MOST];

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void pairs(int count) {
  for (int i = 0; i < count; ++i) {
    char *volatile p = malloc(64);
    *p = 1;
    free(p);
  }
}

static void show(const char *path, int count) {
  for (int i = 0; i < count && i < MOST; ++i) {
    live[i] = malloc(64);
    *live[i] = 1;
  }
  int file = open(path, O_RDONLY);
  for (ssize_t n; (n = read(file, buffer, sizeof(buffer))) > 0;)
    if (write(STDOUT_FILENO, buffer, n) != n)
      exit(1);
}

static void *allocate(void *unused) {
  pairs(1);
  return unused;
}

static void thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, allocate, NULL);
  pthread_join(thread, NULL);
}

static void child(void) {
  pid_t child = fork();
  if (!child) {
    pairs(1);
    _exit(0);
  }
  if (waitpid(child, NULL, 0) != child)
    exit(1);
}

static void time_each(void (*what)(void), int count) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof(one), &one);
  for (int i = 0; i < count; ++i) {
    double start = now_us();
    what();
    printf("%.3f\n", now_us() - start);
    fflush(stdout); // A child must not write it again.
  }
}

static double run_us(char *program) {
  extern char **environ;
  char *arguments[] = {program, NULL};
  pid_t child;
  double start = now_us();
  if (posix_spawn(&child, program, NULL, NULL, arguments, environ) ||
      waitpid(child, NULL, 0) != child)
    exit(1);
  return now_us() - start;
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "";
  pairs(1);
  if (!strcmp(what, "show"))
    show(argv[2], atoi(argv[3]));
  if (!strcmp(what, "pairs"))
    pairs(atoi(argv[2]));
  if (!strcmp(what, "threads"))
    time_each(thread, atoi(argv[2]));
  if (!strcmp(what, "forks"))
    time_each(child, atoi(argv[2]));
  if (!strcmp(what, "spawn"))
    for (int i = 0; i < atoi(argv[2]); ++i) {
      double first = run_us(argv[3]), second = run_us(argv[4]);
      printf("%.3f %.3f\n", first, second);
    }
}
