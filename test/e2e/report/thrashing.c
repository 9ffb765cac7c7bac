// If this fails, threads that all misuse one object, each in its own way and all the
// time, get more than one report of it, or none, or crash, or stand still.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t freed > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %run %t live > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %clang -O2 -pthread %s -o %t
// RUN: env HF=symbolize=1 %run %t freed > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: env HF=guard=mprotect:placement=left %run %t live > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Threads = 4, Times = 100000, Size = 64 };

static pthread_barrier_t Start;
static int IsLive, HasBug;

static void misuse(char *P, int How) {
  volatile char *V = P;
  switch (How) {
  case 0:
    V[HasBug ? Size : 0] = 1;
    return;
  case 1:
    (void)V[HasBug ? -1 : 1];
    return;
  case 2:
    free(HasBug ? P + 8 : NULL);
    return;
  case 3: // Of an object that lives on it would be no error.
    if (!IsLive && HasBug)
      free(P);
    return;
  default:
    (void)V[Size / 2];
  }
}

static void *work(void *P) {
  unsigned Random = (unsigned)(size_t)pthread_self();
  pthread_barrier_wait(&Start);
  for (int I = 0; I != Times; ++I) {
    Random = Random * 1103515245 + 12345;
    misuse(P, Random / 65536 % 5);
  }
  return NULL;
}

int main(int argc, char **argv) {
  IsLive = strcmp(argv[1], "freed") != 0;
  HasBug = strcmp(argv[1], "fixed") != 0;
  char *volatile P = malloc(Size);
  if (!IsLive)
    free(P);
  pthread_barrier_init(&Start, NULL, Threads);
  pthread_t All[Threads];
  for (int I = 0; I != Threads; ++I)
    pthread_create(&All[I], NULL, work, P);
  for (int I = 0; I != Threads; ++I)
    pthread_join(All[I], NULL);
  if (IsLive)
    free(P);
  puts("done");
}
// CHECK:     ERROR: HeapFence:
// CHECK:     {{^}}SUMMARY: HeapFence:
// CHECK-NOT: HeapFence
// CHECK:     {{^}}done

// FIXED-NOT: HeapFence
// FIXED:     {{^}}done
