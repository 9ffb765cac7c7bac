// If this fails, calloc hands out what the last owner of the slot left there,
// or what a read after free saw.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=slots=1 %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: env HF=slots=1 %run %t 2>&1 | %check %s
// RUN: env HF=slots=1:guard=mprotect %run %t 2>&1 | %check %s
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  uintptr_t First = 0;
  int Same = 0, Dirty = 0;
  for (int Round = 0; Round != 20; ++Round) {
    char *volatile P = calloc(100, 40);
    for (int I = 0; I != 4000; ++I)
      Dirty += P[I] != 0;
    memset(P, 0xff, 4000);
    First = First ? First : (uintptr_t)P;
    Same += First == (uintptr_t)P;
    free(P);
  }
  printf("same %d dirty %d\n", Same, Dirty);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}same 20 dirty 0{{$}}
