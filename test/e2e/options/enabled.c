// If this fails, enabled=0 does not mean off: something is guarded, said, or
// paid for with a handler.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=enabled=0:verbosity=2 %run %t 2>&1 | %check %s --check-prefix=OFF
// RUN: %run %t 2>&1 | %check %s --check-prefix=ON
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=enabled=0 %run %t 2>&1 | %check %s --check-prefix=OFF
#include <heapfence/heapfence.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int Guarded = 0;
  for (int I = 0; I != 100; ++I) {
    void *volatile P = malloc(10 * I);
    P = realloc(P, 20 * I + 1);
    Guarded += heapfence_is_guarded(P);
    free(P);
  }
  printf("guarded %d\n", Guarded);
}
// OFF-NOT: HeapFence
// OFF: {{^}}guarded 0{{$}}

// ON-NOT: HeapFence
// ON: {{^}}guarded 100{{$}}
