// If this fails, a program that has more live objects than the pool takes, or
// larger ones, fails instead of getting them from the heap.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=max_live=10:verbosity=1 %run %t 2>&1 | %check %s
// RUN: env HF=slots=10:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=SLOTS
// RUN: %clang -O2 %s -o %t
// RUN: env HF=max_live=10:verbosity=1 %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *Objects[400];
  int Wrong = 0;
  for (int I = 0; I != 400; ++I)
    memset(Objects[I] = malloc(100 + I), I, 100 + I);
  for (int I = 0; I != 400; ++I) {
    Wrong += Objects[I][0] != (char)I || Objects[I][99 + I] != (char)I;
    free(Objects[I]);
  }
  char *volatile Large = malloc(20 << 20);
  memset(Large, 1, 20 << 20);
  free(Large);
  printf("wrong %d\n", Wrong);
}
// CHECK: {{^}}==[[#]]==HeapFence: 10 guarded, 10 freed, 0 reports, 390 refused: live limit
// CHECK: {{^}}wrong 0

// SLOTS: {{^}}==[[#]]==HeapFence: 10 guarded, 10 freed, 0 reports, {{.*}}390 refused: no slot
// SLOTS: {{^}}wrong 0
