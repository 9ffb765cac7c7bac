// If this fails, a program that survives stack overflows by a handler on an
// alternate stack no longer does.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static sigjmp_buf Back;
static int IsOnAlternate;

static void handle(int Signal) {
  stack_t Now;
  sigaltstack(NULL, &Now);
  IsOnAlternate = Now.ss_flags & SS_ONSTACK;
  siglongjmp(Back, Signal);
}

__attribute__((noinline)) static int recurse(volatile int *P) {
  volatile int Local[100] = {*P};
  return recurse(Local) + Local[0];
}

int main(void) {
  struct rlimit Small = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_STACK, &Small);
  stack_t Stack = {.ss_sp = malloc(20000), .ss_size = 20000};
  sigaltstack(&Stack, NULL);
  struct sigaction Action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  sigaction(SIGSEGV, &Action, NULL);
  volatile int Zero = 0;
  for (int I = 0; I != 3; ++I)
    if (!sigsetjmp(Back, 1))
      Zero = recurse(&Zero);
  printf("done %d\n", IsOnAlternate);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}done 1
