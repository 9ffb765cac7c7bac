// If this fails, a second free goes unseen, or without one of its three stacks,
// or the program does not go on.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void release(void *P) { free(P); }

int main(int argc, char **argv) {
  void *volatile P = malloc(24);
  release(P);
  if (argc == 1)
    free(P);
  char *volatile Q = malloc(24);
  Q[0] = 'x';
  putchar(Q[0]);
  free(Q);
}
// CHECK:      ERROR: HeapFence: double-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}double free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-free.c:[[#@LINE-8]]:5 (
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 24-byte region {{\[}}[[P]],
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in release {{.*}}double-free.c:[[#@LINE-17]]:58 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}double-free.c:[[#@LINE-16]]:22 (
// CHECK:      {{^}}SUMMARY: HeapFence: double-free {{.*}}double-free.c:[[#@LINE-14]]:5 in main
// CHECK-NEXT: {{^}}x

// FIXED-NOT: HeapFence
// FIXED: {{^}}x
