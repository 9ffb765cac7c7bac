// If this fails, the first byte past an array can be written unseen.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>

int main(int argc, char **argv) {
  volatile double *P = new double[12];
  for (int I = 0; I != 12 + (argc == 1); ++I)
    P[I] = I;
  printf("%g\n", P[11]);
  delete[] P;
}
// CHECK:      ERROR: HeapFence: heap-buffer-overflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes after 96-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}write.cpp:[[#@LINE-10]]:24 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-buffer-overflow
// CHECK-NEXT: {{^}}11

// FIXED-NOT: HeapFence
// FIXED: {{^}}11
