// If this fails, memory of calloc is not guarded after its free.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile int *P = calloc(7, sizeof(int));
  int Sum = P[0] + P[6];
  if (argc > 1)
    Sum += P[1];
  free((void *)P);
  if (argc == 1)
    Sum += P[1];
  printf("sum %d\n", Sum);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 4 bytes inside of 28-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}calloc.c:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}calloc.c:[[#@LINE-15]]:21 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}sum 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 0
