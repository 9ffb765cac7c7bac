// If this fails, the program notices the symbolizer as a child of its own: in
// wait, or by SIGCHLD.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=symbolize=1 %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1:symbolizer_path=/bin/false %run %t 2>&1 | %check %s
// RUN: sh -c 'printf "#!/bin/sh\nexec sleep 50\n" > %t.sh; chmod +x %t.sh'
// RUN: env HF=symbolize=1:symbolizer_path=%t.sh:symbolize_timeout_ms=100 %run %t 2>&1 | %check %s
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int Signals;
static void count(int Signal) { Signals += Signal == SIGCHLD; }

int main(void) {
  signal(SIGCHLD, count);
  char *volatile P = malloc(10);
  free(P);
  P[1] = 1;
  pid_t Child = wait(NULL);
  printf("wait %d %d, ", Child, errno == ECHILD);
  Child = waitpid(-1, NULL, __WALL);
  printf("waitpid %d %d, signals %d\n", Child, errno == ECHILD, Signals);
}
// CHECK: {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK: {{^}}wait -1 1, waitpid -1 1, signals 0
