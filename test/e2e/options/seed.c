// If this fails, runs with the same seed differ in what they guard, or runs
// without one do not.
// RUN: %clang -O1 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=20:seed=7 %run %t > %t.1
// RUN: env HF=sample_every=20:seed=7 %run %t > %t.2
// RUN: env HF=sample_every=20:seed=8 %run %t > %t.3
// RUN: env HF=sample_every=20:seed=0 %run %t > %t.4
// RUN: env HF=sample_every=20:seed=0 %run %t > %t.5
// RUN: cmp %t.1 %t.2
// RUN: not cmp %t.1 %t.3
// RUN: not cmp %t.4 %t.5
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  for (int I = 0; I != 2000; ++I) {
    void *volatile P = malloc(8);
    putchar(heapfence_is_guarded(P) ? '1' : '0');
    free(P);
  }
}
