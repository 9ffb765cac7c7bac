// If this fails, an ordinary program does not run where the pool has only a few
// places, all taken again and again.
// RUN: %clang -O0 %s -o %t
// RUN: %clang -O2 %s -o %t.2
// RUN: env HF=slots=1 %run %t 2>&1 | %check %s
// RUN: env HF=slots=2 %run %t 2>&1 | %check %s
// RUN: env HF=slots=3:guard=mprotect %run %t 2>&1 | %check %s
// RUN: env HF=slots=5:placement=left %run %t 2>&1 | %check %s
// RUN: env HF=slots=8:max_live=1 %run %t.2 2>&1 | %check %s
// RUN: env HF=slots=13:max_live=4 %run %t.2 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  int Wrong = 0;
  for (int Round = 0; Round != 20; ++Round)
    for (size_t Size = 1; Size <= 32768; Size *= 2) {
      char *P = malloc(Size), *Q = calloc(Size, 1);
      memset(P, Round, Size);
      for (size_t I = 0; I != Size; ++I)
        Wrong += Q[I] != 0 || P[I] != (char)Round;
      free(P);
      Q = realloc(Q, Size + 1);
      Q[Size] = 1;
      free(Q);
    }
  printf("wrong %d\n", Wrong);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}wrong 0
