// If this fails, threads that make errors at the same time print a report
// twice, mix their texts, or block each other.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %clang -O2 -pthread %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_barrier_t Start;

static void *use(void *P) {
  pthread_barrier_wait(&Start);
  for (int I = 0; I != 1000; ++I) {
    ((volatile char *)P)[I % 64] = 1;
    if (I % 100 == 0)
      free(P);
  }
  return NULL;
}

int main(void) {
  pthread_t Threads[4];
  void *volatile P = malloc(64);
  free(P);
  pthread_barrier_init(&Start, NULL, 4);
  for (int I = 0; I != 4; ++I)
    pthread_create(&Threads[I], NULL, use, P);
  for (int I = 0; I != 4; ++I)
    pthread_join(Threads[I], NULL);
  puts("done");
}
// CHECK:      ERROR: HeapFence:
// CHECK:      {{^}}SUMMARY: HeapFence:
// CHECK-NOT:  HeapFence
// CHECK:      {{^}}done
