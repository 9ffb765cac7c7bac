// If this fails, two frees of an object at the same time are both taken for the
// right one, or crash, or give more than one report.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: grep -c '^==.*ERROR: HeapFence: double-free' %t.log | %check %s --check-prefix=COUNT
// RUN: %clang -O2 -pthread %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s --check-prefix=STATISTICS
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { Objects = 40 };
static void *volatile Shared[Objects];
static pthread_barrier_t Turn;

static void *work(void *Unused) {
  for (int I = 0; I != Objects; ++I) {
    pthread_barrier_wait(&Turn);
    free(Shared[I]);
  }
  return Unused;
}

int main(void) {
  pthread_t Threads[2];
  pthread_barrier_init(&Turn, NULL, 2);
  for (int I = 0; I != Objects; ++I)
    Shared[I] = malloc(100);
  for (int I = 0; I != 2; ++I)
    pthread_create(&Threads[I], NULL, work, NULL);
  for (int I = 0; I != 2; ++I)
    pthread_join(Threads[I], NULL);
  puts("done");
}
// CHECK: double free of 0x{{[0-9a-f]+}} by thread T{{[12]}} here:
// CHECK: {{^}}done
// COUNT: {{^}}40{{$}}
// STATISTICS: HeapFence: 40 guarded, 40 freed, 40 reports
