// If this fails, handlers installed by signal(), one-shot ones and ignored
// faults do not behave as without us.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: sh -c '"$0" "$1" again 2>&1; echo status $?' %run %t | %check %s --check-prefix=AGAIN
// RUN: sh -c '"$0" "$1" a b 2>&1; echo status $?' %run %t | %check %s --check-prefix=IGNORED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static sigjmp_buf Back;
static void handle(int Signal) { siglongjmp(Back, Signal); }

int main(int argc, char **argv) {
  char *volatile P = malloc(16);
  free(P);
  printf("%d", signal(SIGSEGV, handle) == SIG_DFL);
  printf("%d", signal(SIGSEGV, handle) == handle);
  P[1] = 1;
  for (int I = 0; I != 3; ++I)
    if (!sigsetjmp(Back, 1))
      *(volatile char *)16 = 1;
  struct sigaction Once = {.sa_handler = handle, .sa_flags = SA_RESETHAND};
  sigaction(SIGSEGV, &Once, NULL);
  if (!sigsetjmp(Back, 1))
    *(volatile char *)16 = 1;
  sigaction(SIGSEGV, NULL, &Once);
  printf("%d\n", Once.sa_handler == SIG_DFL);
  fflush(stdout);
  if (argc == 3)
    signal(SIGSEGV, SIG_IGN);
  if (argc > 1)
    *(volatile char *)16 = 1;
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}SUMMARY: HeapFence:
// CHECK-NEXT: {{^}}111

// AGAIN: {{^}}111
// AGAIN: {{^}}status 139

// IGNORED: {{^}}111
// IGNORED: {{^}}status 139
