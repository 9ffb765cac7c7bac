// If this fails, an arm64 executable with much initialized thread-local data counts down
// in it, does not link without saying what to do, or not at all.
// REQUIRES: cpu-aarch64
// RUN: %plain -O1 -DLARGE -c %s -o %t.large.o
// RUN: %clang -O1 -c %s -o %t.o
// RUN: %clang %t.o %t.large.o -o %t
// RUN: %run %t | %check %s
// RUN: not %clang %t.large.o %t.o -o %t 2>&1 | %check %s --check-prefix=TRUNCATED
// RUN: not %clang -Wl,--gc-sections %t.large.o %t.o -o %t 2>&1 | %check %s --check-prefix=TRUNCATED
// RUN: %clang -O1 -fplugin=%plugin -Xclang -mllvm -Xclang -heapfence-large-tls -c %s -o %t.far.o
// RUN: %clang %t.large.o %t.far.o -o %t
// RUN: %run %t | %check %s
#include <stdio.h>
#include <stdlib.h>

enum { Count = 3000 };

#ifdef LARGE
_Thread_local int Data[Count] = {1, 2, 3};
#else
extern _Thread_local int Data[Count];

// Zeros are behind what is initialized, and in nobody's way.
_Thread_local int Zeros[Count];

int main(void) {
  int Sum = 0;
  for (int I = 0; I != 100; ++I) {
    char *volatile P = malloc(I);
    free(P);
  }
  for (int I = 0; I != Count; ++I)
    Sum += Data[I] + Zeros[I];
  printf("sum %d\n", Sum);
}
#endif
// CHECK: {{^}}sum 6
// TRUNCATED: R_AARCH64_TLSLE_ADD_TPREL_HI12 against symbol `__heapfence_countdown'
