// If this fails, a SIGSEGV that somebody sends does not reach the program's
// handler as sent, or is taken for a fault.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int Calls, Wrong;

static void handle(int Signal, siginfo_t *Info, void *Context) {
  ++Calls;
  Wrong += Info->si_code > 0;
}

int main(void) {
  volatile char *P = malloc(16);
  free((void *)P);
  struct sigaction Action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &Action, NULL);
  sigaction(SIGBUS, &Action, NULL);
  kill(getpid(), SIGSEGV);
  raise(SIGSEGV);
  // Looks like a fault at a guarded address, but is none.
  siginfo_t Info = {.si_code = SI_QUEUE};
  Info.si_addr = (void *)P;
  syscall(SYS_rt_sigqueueinfo, getpid(), SIGBUS, &Info);
  printf("calls %d wrong %d\n", Calls, Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}calls 3 wrong 0
