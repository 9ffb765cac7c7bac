// If this fails, on_error=abort does not end the program by SIGABRT after the
// report, so that CI sees no failure and nobody gets a core.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'HF=on_error=abort "$0" "$1" 2>&1; echo status $?' %run %t | %check %s
// RUN: env HF=on_error=abort %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'HF=on_error=abort "$0" "$1" 2>&1; echo status $?' %run %t | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  sigset_t All; // A blocked SIGABRT must not hold it up.
  sigfillset(&All);
  sigprocmask(SIG_BLOCK, &All, NULL);
  sigdelset(&All, SIGSEGV);
  sigprocmask(SIG_SETMASK, &All, NULL);
  char *volatile P = malloc(1);
  free(P);
  if (argc == 1)
    *P = 1;
  puts("done");
}
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NOT: done
// CHECK:     {{^}}status 134{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
