// If this fails, a program that protects its own pages of a guarded object, and
// handles the faults itself, gets a report or loses its fault.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=guard=mprotect %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static char *Page;
static int Calls;

static void handle(int Signal, siginfo_t *Info, void *Context) {
  Calls += Info->si_addr == Page + 100;
  mprotect(Page, 8192, PROT_READ | PROT_WRITE);
}

int main(void) {
  struct sigaction Action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &Action, NULL);
  Page = aligned_alloc(4096, 8192);
  mprotect(Page, 8192, PROT_READ);
  ((volatile char *)Page)[100] = 'x';
  mprotect(Page, 8192, PROT_NONE);
  char C = ((volatile char *)Page)[100];
  printf("guarded %d, %c calls %d\n", heapfence_is_guarded(Page), C, Calls);
  free(Page);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}guarded 1, x calls 2
