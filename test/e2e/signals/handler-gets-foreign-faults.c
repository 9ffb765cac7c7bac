// If this fails, a program's own SIGSEGV handler, installed in main, does not
// get its faults with the right siginfo and context, or our reports stop.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *Page;
static int Calls, Wrong;

static void handle(int Signal, siginfo_t *Info, void *Context) {
  Wrong += Signal != SIGSEGV || Info->si_signo != SIGSEGV;
  Wrong += Info->si_addr != Page + 7 || Info->si_code != SEGV_ACCERR;
#ifdef __x86_64__
  ucontext_t *U = Context;
  Wrong += U->uc_mcontext.gregs[REG_CR2] != (long)(Page + 7);
#endif
  ++Calls;
  mprotect(Page, 4096, PROT_READ | PROT_WRITE);
}

int main(void) {
  Page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction Action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &Action, NULL);
  volatile char *P = malloc(16);
  free((void *)P);
  P[3] = 1;
  ((volatile char *)Page)[7] = 'x';
  printf("%c calls %d wrong %d\n", Page[7], Calls, Wrong);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}SUMMARY: HeapFence:
// CHECK-NEXT: {{^}}x calls 1 wrong 0
