// If this fails, a program gets a thread that it has no use for, or that it can
// see: one that takes its signals, or keeps it from ending.
// RUN: %clang -O1 -pthread %s -o %t
// RUN: env HF=sample_every=0 %run %t 1
// RUN: %clang %static -O1 -pthread %s -o %t
// RUN: env HF=sample_every=0 %run %t 2 heapfence
// RUN: %run %t 2 heapfence
// RUN: env HF=sample_every=0:budget_percent=0 %run %t 1
// RUN: env HF=enabled=0 %run %t 1
// The last thread ends the process, main's having ended before.
// RUN: env HEAPFENCE_OPTIONS=symbolize=0 timeout -s KILL 20 %t leave
// UNSUPPORTED: guard-static
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static __thread volatile char large[1 << 20]; // On the thread's stack.
static pthread_t main_thread;
static int wrong_thread, handled;
static void on_signal(int unused) {
  ++handled;
  wrong_thread |= !pthread_equal(pthread_self(), main_thread);
}

static void *worker(void *unused) {
  usleep(200000);
  free(malloc(10));
  return unused;
}

int main(int argc, char **argv) {
  void *volatile p = malloc(3);
  free(p);
  if (!strcmp(argv[1], "leave")) {
    pthread_t t;
    pthread_create(&t, NULL, worker, NULL);
    pthread_exit(NULL);
  }
  int count = 0, named = argc == 2;
  usleep(100000); // It gives itself its name.
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *d; (d = readdir(tasks));) {
    char path[300], name[32] = "";
    if (d->d_name[0] == '.')
      continue;
    ++count;
    snprintf(path, sizeof(path), "/proc/self/task/%s/comm", d->d_name);
    FILE *f = fopen(path, "r");
    if (fgets(name, sizeof(name), f) && argc > 2)
      named |= !strncmp(name, argv[2], strlen(argv[2]));
    fclose(f);
  }
  closedir(tasks);
  large[argc] = 1;
  main_thread = pthread_self();
  signal(SIGUSR1, on_signal);
  // Nobody takes them while this thread does not.
  sigset_t user;
  sigemptyset(&user);
  sigaddset(&user, SIGUSR1);
  sigprocmask(SIG_BLOCK, &user, NULL);
  kill(getpid(), SIGUSR1);
  usleep(50000);
  int early = handled;
  sigprocmask(SIG_UNBLOCK, &user, NULL);
  return !(count == atoi(argv[1]) && named && !wrong_thread && !early &&
           handled);
}
