// If this fails, the program drowns in reports of one object, or does not go on
// after a report, or another object has no report of its own.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %clang -O2 %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  volatile char *Freed[3];
  volatile char *Live = malloc(16);
  for (int I = 0; I != 3; ++I)
    free((void *)(Freed[I] = malloc(100 + I)));
  for (int I = 0; I != 100; ++I) {
    Freed[I % 3][I] = I;
    Live[16 + I % 8] = I;
  }
  free((void *)Freed[2]); // Told already: the object had its report.
  free((void *)Live);
  puts("done");
}
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     inside of 100-byte region
// CHECK:     ERROR: HeapFence: heap-buffer-overflow
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     inside of 101-byte region
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     inside of 102-byte region
// CHECK-NOT: ERROR
// CHECK:     {{^}}done
