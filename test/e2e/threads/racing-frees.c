// If this fails, two frees of an object at the same time are both taken for the
// right one, or crash, or give more than one report.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: env HF=verbosity=1 %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: grep -c '^==.*ERROR: HeapFence: double-free' %t.log | %check %s --check-prefix=COUNT
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { Objects = 250 };
static void *volatile Shared[Objects];
static int Arrived;

static void *work(void *Unused) {
  for (int I = 0; I != Objects; ++I) {
    // Both threads, together.
    __atomic_fetch_add(&Arrived, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&Arrived, __ATOMIC_ACQUIRE) < 2 * (I + 1))
      ;
    free(Shared[I]);
  }
  return Unused;
}

int main(void) {
  pthread_t Threads[2];
  for (int I = 0; I != Objects; ++I)
    Shared[I] = malloc(100);
  for (int I = 0; I != 2; ++I)
    pthread_create(&Threads[I], NULL, work, NULL);
  for (int I = 0; I != 2; ++I)
    pthread_join(Threads[I], NULL);
  puts("done");
}
// CHECK: double free of 0x{{[0-9a-f]+}} by thread T{{[12]}} here:
// CHECK: HeapFence: 250 guarded, 250 freed, 250 reports
// CHECK: {{^}}done
// COUNT: {{^}}250{{$}}
