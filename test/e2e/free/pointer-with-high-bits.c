// If this fails, the free or realloc of a garbage pointer whose low bits are those
// of a guarded object is taken for that object's.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c '"$0" "$1" free 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" realloc 2>&1; echo status $?' %run %t | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c '"$0" "$1" free 2>&1; echo status $?' %run %t | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(16);
  P[0] = 1;
  char *Garbage = (char *)((uintptr_t)P | (uintptr_t)1 << 62);
  puts("before"), fflush(stdout);
  if (!strcmp(argv[1], "free"))
    free(Garbage);
  if (!strcmp(argv[1], "realloc"))
    P = realloc(Garbage, 32);
  printf("object %d\n", P[0]);
  free(P);
}
// As without us: the allocator reads what is in front of it, and dies.
// CHECK:     before
// CHECK-NOT: {{on address|is located|object 1}}
// CHECK:     status {{13[49]}}
// FIXED-NOT: HeapFence
// FIXED: object 1
