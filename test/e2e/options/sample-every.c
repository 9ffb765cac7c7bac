// If this fails, sample_every=N guards another share than one in N.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=1 %run %t 20000 20000 | %check %s
// RUN: env HF=sample_every=2 %run %t 9700 10300 | %check %s
// RUN: env HF=sample_every=10 %run %t 1850 2150 | %check %s
// RUN: env HF=sample_every=10:seed=2 %run %t 1850 2150 | %check %s
// RUN: env HF=sample_every=1000 %run %t 8 32 | %check %s
// RUN: env HF=sample_every=268435456 %run %t 0 1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=2 %run %t 9700 10300 | %check %s
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int Guarded = 0;
  for (int I = 0; I != 20000; ++I) {
    void *volatile P = malloc(I % 50);
    Guarded += heapfence_is_guarded(P);
    free(P);
  }
  int IsIn = Guarded >= atoi(argv[1]) && Guarded <= atoi(argv[2]);
  printf("%s %d\n", IsIn ? "right" : "wrong", Guarded);
}
// CHECK: {{^}}right
