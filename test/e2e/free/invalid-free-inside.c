// If this fails, the free of a pointer into an object goes unseen, harms the
// object, or reports once more when the object itself is freed.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile int HasBug = argc == 1;
  char *volatile P = malloc(40), *volatile Q = malloc(40);
  P[39] = Q[39] = 'x';
  if (HasBug)
    free(P + 1);
  if (HasBug)
    free(Q + 16);
  putchar(P[39]), putchar(Q[39]);
  free(P);
  free(Q);
}
// CHECK:      ERROR: HeapFence: invalid-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}inside.c:[[#@LINE-9]]:5 (
// CHECK:      {{^}}[[P]] is located 1 byte inside of 40-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}inside.c:[[#@LINE-15]]:22 (
// CHECK:      {{^}}SUMMARY: HeapFence: invalid-free {{.*}}inside.c:[[#@LINE-13]]:5 in main
// CHECK:      ERROR: HeapFence: invalid-free
// CHECK:      is located 16 bytes inside of 40-byte region [
// CHECK-NOT:  ERROR
// CHECK:      {{^}}xx

// FIXED-NOT: HeapFence
// FIXED: {{^}}xx
