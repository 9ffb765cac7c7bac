// If this fails, sa_mask and SA_NODEFER of a program's handler are not
// honoured, or the mask is not restored after it.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static char *Page;

static int isBlocked(int Signal) {
  sigset_t Now;
  sigprocmask(SIG_BLOCK, NULL, &Now);
  return sigismember(&Now, Signal);
}

static void handle(int Signal) {
  printf("in %d%d ", isBlocked(SIGSEGV), isBlocked(SIGUSR1));
  mprotect(Page, 4096, PROT_READ | PROT_WRITE);
}

static void fault(int Flags, int Masked) {
  struct sigaction Action = {.sa_handler = handle, .sa_flags = Flags};
  sigaddset(&Action.sa_mask, Masked);
  sigaction(SIGSEGV, &Action, NULL);
  mprotect(Page, 4096, PROT_NONE);
  *(volatile char *)Page = 1;
  printf("after %d%d\n", isBlocked(SIGSEGV), isBlocked(SIGUSR1));
}

int main(void) {
  void *volatile P = malloc(10); // The runtime is on.
  free(P);
  Page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fault(0, SIGUSR1);
  fault(SA_NODEFER, SIGUSR2);
}
// CHECK-NOT: HeapFence
// CHECK:      {{^}}in 11 after 00
// CHECK-NEXT: {{^}}in 00 after 00
