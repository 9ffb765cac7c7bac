// If this fails, objects of several threads overlap, or a free in another
// thread is taken for an error.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=guard=mprotect:max_live=65536:slots=100 %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=3:placement=random %run %t 2>&1 | %check %s
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Threads = 8, Rounds = 1500, Places = 64 };
static unsigned char *Shared[Places]; // Each object: size / 16, then a pattern.
static int Wrong;

static void verifyAndFree(unsigned char *P) {
  for (int I = 1; P && I < P[0] * 16; ++I)
    if (P[I] != (unsigned char)(P[0] + I))
      __atomic_fetch_add(&Wrong, 1, __ATOMIC_RELAXED);
  free(P);
}

static void *work(void *Argument) {
  unsigned Random = (unsigned)(size_t)Argument;
  for (int Round = 0; Round != Rounds; ++Round) {
    Random = Random * 1103515245 + 12345;
    unsigned Units = 1 + Random / 65536 % 20;
    unsigned char *P = Random & 65536 ? malloc(Units * 16) : calloc(Units, 16);
    P[0] = Units;
    for (unsigned I = 1; I < Units * 16; ++I)
      P[I] = Units + I;
    if (Random & 1 << 20)
      P = realloc(P, Units * 16 + 5);
    verifyAndFree(__atomic_exchange_n(&Shared[Random / 256 % Places], P,
                                      __ATOMIC_ACQ_REL));
  }
  return NULL;
}

int main(void) {
  pthread_t Workers[Threads];
  for (size_t I = 0; I != Threads; ++I)
    pthread_create(&Workers[I], NULL, work, (void *)(I + 1));
  for (int I = 0; I != Threads; ++I)
    pthread_join(Workers[I], NULL);
  for (int I = 0; I != Places; ++I)
    verifyAndFree(Shared[I]);
  printf("wrong %d\n", Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}wrong 0{{$}}
