// If this fails, a program that blocks SIGSEGV, as worker threads do, is killed
// by its first error, without a report.
// XFAIL: *
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  sigset_t All;
  sigfillset(&All);
  sigprocmask(SIG_BLOCK, &All, NULL);
  volatile char *P = malloc(16);
  free((void *)P);
  P[3] = 1;
  puts("done");
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}done
