// If this fails, reports of several threads are lost, or mixed: in each, the
// same thread allocated, freed and used the object.
// RUN: %clang -O1 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: sed -nE '/ thread T[0-9]+( here:)?$/s/.* (thread T[0-9]+).*/\1/p' %t.log > %t.threads
// RUN: sh -c 'uniq -c %t.threads | awk "\$1 %% 3 {print \"mixed\"} {n += \$1} END {print n}"' | %check %s
// RUN: sh -c 'grep ERROR: %t.log | sort -u | wc -l' | %check %s --check-prefix=COUNT
// RUN: rm -f %t.log.*
// RUN: env HF=log_path=%t.log %run %t 2>&1 | %check %s --check-prefix=DONE
// RUN: sh -c 'grep ERROR: %t.log.* | sort -u | wc -l' | %check %s --check-prefix=COUNT
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { Threads = 8, Rounds = 25 };
static pthread_barrier_t Turn;

static void *use(void *Unused) {
  for (int I = 0; I != Rounds; ++I) {
    volatile char *P;
    do // Where threads crowd, one may be left to the heap.
      P = malloc(64);
    while (!heapfence_is_guarded((void *)P));
    free((void *)P);
    pthread_barrier_wait(&Turn);
    P[I] = 1;
  }
  return Unused;
}

int main(void) {
  pthread_t Workers[Threads];
  pthread_barrier_init(&Turn, NULL, Threads);
  for (int I = 0; I != Threads; ++I)
    pthread_create(&Workers[I], NULL, use, NULL);
  for (int I = 0; I != Threads; ++I)
    pthread_join(Workers[I], NULL);
  puts("done");
}
// CHECK-NOT: mixed
// CHECK: {{^}}600{{$}}
// DONE-NOT: HeapFence
// DONE: {{^}}done
// COUNT: {{^}}200{{$}}
