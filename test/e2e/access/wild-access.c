// If this fails, an access to memory of the pool that never belonged to an
// object is not told as such, or ends the program.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(1);
  if (argc == 1)
    P[64 << 20] = P[65 << 20];
  free((void *)P);
  puts("done");
}
// CHECK:      ERROR: HeapFence: wild-access on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK-NEXT: {{^}}    #0 0x
// CHECK:      {{^}}[[P]] is in pool memory that never belonged to an object{{$}}
// CHECK-NEXT: {{^}}SUMMARY: HeapFence: wild-access
// CHECK-NEXT: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
