// If this fails, a fork while other threads allocate leaves a child that hangs,
// or is not guarded.
// RUN: %clang -O0 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=guard=mprotect:slots=20 %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int IsDone;

static void *work(void *Argument) {
  while (!IsDone) {
    char *volatile P = malloc(300);
    memset(P, 1, 300);
    free(P);
  }
  return Argument;
}

int main(void) {
  pthread_t Threads[3];
  int Failed = 0;
  for (int I = 0; I != 3; ++I)
    pthread_create(&Threads[I], NULL, work, NULL);
  for (int I = 0; I != 50; ++I) {
    pid_t Child = fork();
    if (Child == 0) {
      alarm(10);
      int Wrong = 0, Guarded = 0;
      for (int J = 0; J != 50; ++J) {
        char *volatile P = calloc(1, 100);
        Wrong += P[50];
        Guarded += heapfence_is_guarded(P);
        free(P);
      }
      _exit(Wrong || !Guarded);
    }
    int Status = 1;
    waitpid(Child, &Status, 0);
    Failed += Status != 0;
  }
  IsDone = 1;
  for (int I = 0; I != 3; ++I)
    pthread_join(Threads[I], NULL);
  printf("failed %d\n", Failed);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}failed 0
