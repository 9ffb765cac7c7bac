// If this fails, the signal of a child of the program's own, which ends while the
// symbolizer is started, is taken from the program.
// By qemu the helper that starts it has the same signal, and both are one.
// REQUIRES: cpu-x86_64
// RUN: %clang -O0 %s -o %t
// RUN: env HF=symbolize=1 %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int Signals;
static void count(int Signal) { Signals += Signal == SIGCHLD; }

// Which the runtime waits by, too: the program's child ends then.
pid_t waitpid(pid_t Pid, int *Status, int Options) {
  kill(getpid(), SIGCHLD);
  return syscall(SYS_wait4, Pid, Status, Options, NULL);
}

int main(void) {
  signal(SIGCHLD, count);
  char *volatile P = malloc(10);
  free(P);
  P[1] = 1;
  printf("signals %d\n", Signals);
}
// CHECK: {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK: {{^}}signals 1
