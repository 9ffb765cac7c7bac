// If this fails, heapfence_describe needs more stack than its contract says.
// RUN: %clang -O1 -pthread -Wl,-z,now -I%S/../../../runtime/include %s -o %t
// RUN: %run %t | %check %s
// RUN: env HF=sample_every=0 %run %t | %check %s
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Size = 64 * 1024, Allowed = 3072 };
static char Stack[Size] __attribute__((aligned(4096)));
static struct heapfence_description D;
static size_t Most;

static char *lowest(void) {
  char *P = Stack;
  while (*P == 0x5a)
    ++P;
  return P;
}

// What is called from here lies below the frame.
static void measure(char *P) {
  char *Here = (char *)__builtin_frame_address(0) - 256;
  memset(Stack, 0x5a, Here - Stack);
  D.size = sizeof(D);
  heapfence_describe(P, &D);
  size_t Used = Here - lowest();
  Most = Used > Most && Used < Size ? Used : Most;
}

static void *run(void *P) {
  measure(P);
  free(P);
  measure(P);
  measure((char *)((uintptr_t)P & ~(uintptr_t)0x3fffffff) + 0x3ffff000);
  measure((char *)&D);
  return NULL;
}

int main(void) {
  pthread_t Thread;
  pthread_attr_t Own;
  char *P = malloc(10);
  pthread_attr_init(&Own);
  pthread_attr_setstack(&Own, Stack, sizeof(Stack));
  pthread_create(&Thread, &Own, run, P);
  pthread_join(Thread, NULL);
  printf("%zu bytes: %s\n", Most, Most < Allowed ? "few" : "many");
}
// CHECK: few
