// If this fails, an object of no bytes can be accessed unseen, or two of them
// share an address, or their frees are not told apart from errors.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile int HasBug = argc == 1;
  char *volatile P = malloc(0);
  char *volatile Q = calloc(0, 8);
  printf("%d %d %d\n", P != NULL, Q != NULL, P != Q);
  if (HasBug)
    *P = 1;
  free(P);
  free(Q);
  if (HasBug)
    free(Q);
}
// CHECK:      ERROR: HeapFence: heap-buffer-overflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes after 0-byte region {{\[}}[[P]],[[P]])
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}zero-size.c:[[#@LINE-14]]:22 (
// CHECK:      ERROR: HeapFence: double-free
// CHECK:      {{^}}0x{{[0-9a-f]+}} is located 0 bytes after 0-byte region [
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}zero-size.c:[[#@LINE-12]]:3 (
// CHECK:      {{^}}1 1 1

// FIXED-NOT: HeapFence
// FIXED: {{^}}1 1 1
