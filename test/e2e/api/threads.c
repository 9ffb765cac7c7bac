// If this fails, a callback is called for another's user, not at all, or after
// it was taken back; it cannot set one itself; or an address is described by a
// mixture of two objects.
// RUN: %clang -O1 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=slots=64 %run %t 2>%t.log | %check %s
// RUN: sh -c 'grep ERROR: %t.log | wc -l' | %check %s --check-prefix=COUNT
// All objects in one place:
// RUN: env HF=slots=1 %run %t quiet | %check %s --check-prefix=QUIET
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { Threads = 4, Rounds = 50 };
static volatile int IsDone;
static uintptr_t Window;
static int Calls[2], Stale, Refused, Mixed, Nested;

struct User {
  int *Calls;
  volatile int IsOver;
};

static void onReport(const struct heapfence_report *R, void *Data) {
  struct User *U = Data;
  ++*U->Calls;
  int IsStale = U->IsOver;
  usleep(500);
  Stale += IsStale || U->IsOver;
  // The same again: within a callback nobody waits.
  Refused += !heapfence_set_report_callback(onReport, Data);
  // An error of its own is nobody's report.
  if (R->object && Nested++ < 5)
    (void)*(volatile char *)(R->object->object + R->object->object_size);
}

static void *err(void *Unused) {
  for (int I = 0; I != Rounds; ++I) {
    char *volatile P;
    do
      free(P = malloc(64));
    while (!heapfence_is_guarded(P));
    free(P);
  }
  return Unused;
}

// Sizes tell the line: 100 + 10 N in line First + N.
static void *churn(void *Unused) {
  while (!IsDone) {
    char *volatile P;
    free(P = malloc(100));
    free(P = malloc(110));
    free(P = malloc(120));
  }
  return Unused;
}

static void *describe(void *Unused) {
  unsigned First = 0;
  for (unsigned I = 0; !IsDone; I += 4096) {
    struct heapfence_description D;
    D.size = sizeof(D);
    if (!heapfence_describe((void *)(Window + I % 0x40000), &D))
      ++Mixed;
    if (D.object_size < 100)
      continue;
    unsigned Line = D.allocated_at.line - (unsigned)(D.object_size - 100) / 10;
    First = First ? First : Line;
    Mixed += Line != First || D.allocation.count == 0 || !D.object;
  }
  return Unused;
}

int main(int argc, char **argv) {
  char *volatile P = malloc(1);
  Window = (uintptr_t)P & ~(uintptr_t)0x3fffffff;
  free(P);
  pthread_t Workers[Threads], Others[2];
  struct User Users[2] = {{&Calls[0], 0}, {&Calls[1], 0}};
  heapfence_set_report_callback(onReport, &Users[0]);
  pthread_create(&Others[0], NULL, churn, NULL);
  pthread_create(&Others[1], NULL, describe, NULL);
  if (argc > 1)
    usleep(300000);
  for (int I = 0; I != Threads && argc == 1; ++I)
    pthread_create(&Workers[I], NULL, err, NULL);
  for (int I = 1; I != 100; ++I) {
    Users[I % 2].IsOver = 0;
    heapfence_set_report_callback(onReport, &Users[I % 2]);
    Users[!(I % 2)].IsOver = 1; // Nobody is in it any more.
    usleep(300);
  }
  for (int I = 0; I != Threads && argc == 1; ++I)
    pthread_join(Workers[I], NULL);
  IsDone = 1;
  for (int I = 0; I != 2; ++I)
    pthread_join(Others[I], NULL);
  printf("%d calls, %d stale, %d refused, %d mixed\n", Calls[0] + Calls[1],
         Stale, Refused, Mixed);
}
// CHECK: {{^}}200 calls, 0 stale, 0 refused, 0 mixed

// QUIET: {{^}}0 calls, 0 stale, 0 refused, 0 mixed

// COUNT: {{^}}200{{$}}
