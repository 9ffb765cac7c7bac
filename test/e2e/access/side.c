// If this fails, an object lies at the end of its pages that its code hardly ever
// overruns, or always at the same one.
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=placement=random:seed=7 %run %t | %check %s
// RUN: env HF=placement=random:seed=8 %run %t | %check %s
// RUN: env HF=placement=left %run %t | %check %s --check-prefix=LEFT
#include <heapfence/heapfence.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Times = 400 };
static volatile int Never;

static int isLeft(const char *P) {
  return heapfence_is_guarded(P) && (uintptr_t)P % 4096 == 0;
}

__attribute__((noinline)) static int filled(unsigned Size, const char *From) {
  char *P = malloc(Size);
  memcpy(P, From, Size);
  int Left = isLeft(P);
  free(P);
  return Left;
}

__attribute__((noinline)) static int from_behind(unsigned Size) {
  char *P = malloc(Size);
  volatile char *Header = P - 1;
  if (Never)
    Header[0] = 1;
  int Left = isLeft(P);
  free(P);
  return Left;
}

__attribute__((noinline)) static int unknown(unsigned Size) {
  char *P = malloc(Size);
  int Left = isLeft(P);
  free(P);
  return Left;
}

static const char *rated(int Lefts) {
  return Lefts == 0               ? "never"
         : Lefts < Times / 4      ? "seldom"
         : Lefts > Times * 3 / 4  ? Lefts == Times ? "always" : "mostly"
                                  : "half";
}

int main(void) {
  char From[64] = {0};
  int Lefts[3] = {0};
  for (int I = 0; I != Times; ++I) {
    Lefts[0] += filled(40 + I % 20, From);
    Lefts[1] += from_behind(40 + I % 20);
    Lefts[2] += unknown(40 + I % 20);
  }
  printf("left: up %s, down %s, unknown %s\n", rated(Lefts[0]), rated(Lefts[1]),
         rated(Lefts[2]));
}
// CHECK: {{^}}left: up seldom, down mostly, unknown half{{$}}
// LEFT: {{^}}left: up always, down always, unknown always{{$}}
