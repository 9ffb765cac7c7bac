// If this fails, realloc of a freed pointer, or of one that points into an
// object, goes unseen or returns something to use.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(24), *volatile Q = malloc(24);
  if (argc == 1) {
    free(P);
    P = realloc(P, 48);
    free(P);
    P = realloc(Q + 4, 48);
    free(P);
  }
  free(Q);
  puts("done");
}
// CHECK:      ERROR: HeapFence: double-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}double free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}by-realloc.c:[[#@LINE-10]]:9 (
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}by-realloc.c:[[#@LINE-13]]:5 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}by-realloc.c:[[#@LINE-17]]:22 (
// CHECK:      ERROR: HeapFence: invalid-free on address [[Q:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[Q]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}by-realloc.c:[[#@LINE-15]]:9 (
// CHECK:      {{^}}[[Q]] is located 4 bytes inside of 24-byte region [
// CHECK-NOT:  ERROR
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
