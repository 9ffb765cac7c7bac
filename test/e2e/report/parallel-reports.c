// If this fails, reports of several threads are lost or mixed.
// RUN: %clang -O1 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: grep -c '^SUMMARY: HeapFence: heap-use-after-free (' %t.log | %check %s
// RUN: grep -cE 'thread T[0-9]+( here:)?$' %t.log | %check %s --check-prefix=TITLES
// RUN: env HF=log_path=%t.log2 %run %t | %check %s --check-prefix=DONE
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_barrier_t Start;

static void *use(void *Unused) {
  pthread_barrier_wait(&Start);
  for (int I = 0; I != 10; ++I) {
    volatile char *P;
    do // Where threads crowd, one may be left to the heap.
      P = malloc(64);
    while (!heapfence_is_guarded((void *)P));
    free((void *)P);
    P[I] = 1;
  }
  return Unused;
}

int main(void) {
  pthread_t Threads[8];
  pthread_barrier_init(&Start, NULL, 8);
  for (int I = 0; I != 8; ++I)
    pthread_create(&Threads[I], NULL, use, NULL);
  for (int I = 0; I != 8; ++I)
    pthread_join(Threads[I], NULL);
  puts("done");
}
// CHECK: {{^}}80{{$}}
// TITLES: {{^}}240{{$}}
// DONE-NOT: HeapFence
// DONE: {{^}}done
