// If this fails, a handler that code without instrumentation installs later
// takes the place of ours, and errors are no longer reported.
// RUN: %plain -O2 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O0 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef LIBRARY
static void handle(int Signal) { _exit(99); }
void install(void) {
  struct sigaction Action = {.sa_handler = handle};
  sigaction(SIGSEGV, &Action, NULL);
  sigaction(SIGBUS, &Action, NULL);
}
#else
void install(void);

int main(void) {
  install();
  char *volatile P = malloc(16);
  free(P);
  P[3] = 1;
  puts("done");
}
#endif
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}SUMMARY: HeapFence:
// CHECK-NEXT: {{^}}done
