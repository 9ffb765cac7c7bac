// If this fails, a program whose every slot had a report does not go on as
// usual, from the heap.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=slots=5:verbosity=1 %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %clang -O2 %s -o %t
// RUN: env HF=slots=5:verbosity=1:guard=mprotect %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  for (int I = 0; I != 20; ++I) {
    volatile char *P = malloc(10);
    P[0] = 'x';
    if (P[0] != 'x')
      return 1;
    free((void *)P);
    if (I < 5) // Later ones are of the heap.
      P[5] = 1;
  }
  char *volatile Last = malloc(10);
  free(Last);
  puts("done");
}
// CHECK-COUNT-5: ERROR: HeapFence: heap-use-after-free
// CHECK-NOT: ERROR
// CHECK: {{^}}==[[#]]==HeapFence: 5 guarded, 5 freed, 5 reports, 16 refused: no slot
// CHECK: {{^}}done
