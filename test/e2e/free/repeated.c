// If this fails, bad frees of an object are reported each time, or end the program,
// or hide those of another.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=only_light=1 %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

static char *hide(char *P) {
  char *volatile Hidden = P;
  return Hidden;
}

int main(void) {
  char *Freed = hide(malloc(100)), *Kept = hide(malloc(101));
  char *Mixed = hide(malloc(102));
  free(Freed);
  for (int I = 0; I != 100; ++I)
    free(hide(Freed));
  for (int I = 0; I != 100; ++I)
    free(hide(Kept) + 1 + I);
  free(Kept);
  // A double free and a use after free of one object are one report.
  free(Mixed);
  free(hide(Mixed));
  *(volatile char *)hide(Mixed) = 1;
  puts("done");
}
// CHECK:     ERROR: HeapFence: double-free
// CHECK:     0 bytes inside of 100-byte region
// CHECK-NOT: ERROR
// CHECK:     ERROR: HeapFence: invalid-free
// CHECK:     1 byte inside of 101-byte region
// CHECK-NOT: ERROR
// CHECK:     ERROR: HeapFence: double-free
// CHECK:     0 bytes inside of 102-byte region
// CHECK-NOT: ERROR
// CHECK:     {{^}}done
