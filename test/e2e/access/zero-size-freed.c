// If this fails, the address of a freed object of no bytes is not guarded.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(0);
  free((void *)P);
  printf("%d\n", argc == 1 ? *P : 0);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes after 0-byte region {{\[}}[[P]],[[P]])
// CHECK:      {{^}}0

// FIXED-NOT: HeapFence
// FIXED: {{^}}0
