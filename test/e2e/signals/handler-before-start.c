// If this fails, a handler that was there before the runtime started (a library
// loaded earlier, a constructor) loses its faults.
// RUN: %plain -O2 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O0 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef LIBRARY
sigjmp_buf Back;
int Early;

static void handle(int Signal, siginfo_t *Info, void *Context) {
  siglongjmp(Back, Info->si_addr == (void *)16 ? Signal : 1);
}

__attribute__((constructor)) static void install(void) {
  struct sigaction Action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  Early = sigaction(SIGSEGV, &Action, NULL) == 0;
}
#else
extern sigjmp_buf Back;
extern int Early;

int main(void) {
  char *volatile P = malloc(16);
  free(P);
  P[3] = 1;
  int Result = sigsetjmp(Back, 1);
  if (!Result)
    *(volatile char *)16 = 1;
  printf("early %d, signal %d\n", Early, Result);
}
#endif
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}SUMMARY: HeapFence:
// CHECK-NEXT: {{^}}early 1, signal 11
