// If this fails, large objects take more of the CPU time than the budget allows:
// their pages cost where no clock of the slow path sees it.
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %t | %check %s
// RUN: %run %t | %check %s --check-prefix=EACH
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

enum { Times = 300 };

int main(void) {
  int Guarded = 0, Largest = 0;
  for (int I = 0; I != Times; ++I) {
    char *volatile P = malloc(1 << 20);
    char *volatile Q = malloc(16 << 20);
    Guarded += heapfence_is_guarded(P);
    Largest += heapfence_is_guarded(Q);
    P[0] = Q[0] = 1;
    free(P);
    free(Q);
  }
  printf("%s %s\n",
         Guarded == Times ? "each" : Guarded < 20 ? "few" : "many",
         Largest == Times ? "each" : Largest == 0 ? "none" : "some");
}
// The time of the start is enough for a megabyte or two.
// CHECK: {{^}}few none
// EACH: {{^}}each each
