// If this fails, frees after a thread's destructors, in keys' destructors or in
// libc's own clean-up, crash or are taken for errors.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
// RUN: %clang -O2 -pthread %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_key_t Key;
static int Destroyed;

static void destroy(void *P) {
  ++Destroyed;
  if (Destroyed % 4) // Once more, up to PTHREAD_DESTRUCTOR_ITERATIONS.
    pthread_setspecific(Key, malloc(100));
  free(P);
}

static void *work(void *P) {
  char Text[100];
  pthread_setspecific(Key, P);
  snprintf(Text, sizeof(Text), "%.50f", 1.5); // libc allocates for the thread.
  return malloc(10);
}

int main(void) {
  pthread_key_create(&Key, destroy);
  for (int I = 0; I != 5; ++I) {
    pthread_t Thread;
    void *Result;
    pthread_create(&Thread, NULL, work, malloc(20));
    pthread_join(Thread, &Result);
    free(Result);
  }
  printf("destroyed %d\n", Destroyed);
}
// CHECK-NOT: ERROR
// CHECK: {{^}}==[[#]]==HeapFence: 25 guarded, 25 freed, 0 reports
// CHECK: {{^}}destroyed 20
