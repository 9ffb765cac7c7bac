// If this fails, signal handlers that allocate while the runtime is at work
// hang it or corrupt its state. (They may: glibc's malloc is guarded by the
// test.)
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static volatile int Ticks;
static volatile sig_atomic_t Busy; // The real allocator may be at work.

static void tick(int Signal) {
  ++Ticks;
  if (Busy)
    return;
  char *volatile P = malloc(50);
  memset(P, 1, 50);
  free(P);
}

int main(void) {
  struct itimerval Often = {{0, 100}, {0, 100}};
  signal(SIGALRM, tick);
  setitimer(ITIMER_REAL, &Often, NULL);
  int Wrong = 0;
  for (int I = 0; I != 20000; ++I) {
    char *volatile P = malloc(100);
    memset(P, I, 100);
    Wrong += P[99] != (char)I;
    free(P);
  }
  Often.it_interval.tv_usec = Often.it_value.tv_usec = 0;
  setitimer(ITIMER_REAL, &Often, NULL);
  printf("ticks %d wrong %d\n", Ticks > 10, Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}ticks 1 wrong 0
