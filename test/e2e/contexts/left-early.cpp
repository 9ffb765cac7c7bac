// If this fails, an exception or longjmp out of an allocation wrapper leaves its
// arm behind: another allocation is guarded in its place, or none is any more.
// RUN: %clangxx -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
// RUN: env HF=sample_every=1 %run %t | %check %s --check-prefix=EACH
// RUN: %clangxx -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t | %check %s
// RUN: env HF=sample_every=1 %run %t | %check %s --check-prefix=EACH
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <heapfence/heapfence.h>

#define NOINLINE extern "C" __attribute__((noinline))
static jmp_buf Back;
static volatile int How;

NOINLINE void *leaving_alloc(size_t N) {
  if (How == 1)
    throw 1;
  if (How == 2)
    longjmp(Back, 1);
  if (How == 3)
    return nullptr;
  return std::malloc(N);
}

static int drop(void *volatile P) {
  int Is = heapfence_is_guarded(P);
  std::free(P);
  return Is;
}

NOINLINE int leave() {
  try {
    if (!setjmp(Back))
      return drop(leaving_alloc(10));
  } catch (int) {
  }
  return 0;
}
NOINLINE int direct() { return drop(std::malloc(20)); }
NOINLINE int context() { return drop(leaving_alloc(30)); }

int main() {
  int Covered = 0;
  for (int I = 0; I != 1000000; ++I)
    Covered += direct();
  int Left = 0, After = 0;
  for (int Round = 0; Round != 300; ++Round) {
    How = 1 + Round % 3;
    Left += leave();
    for (int I = 0; I != 10; ++I)
      After += direct();
  }
  How = 0;
  int Then = context();
  std::printf("left: %d, after: %s, then: %d\n", Left,
              After == 3000 ? "all" : After < 300 ? "few" : "many", Then);
}
// CHECK: left: 0, after: few, then: 1
// EACH: left: 0, after: all, then: 1
