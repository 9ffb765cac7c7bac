// If this fails, some page of a freed object of several pages stays open.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 0 2>&1 | %check %s -D#AT=0 -D#SIZE=30000
// RUN: %run %t 10000 2>&1 | %check %s -D#AT=10000 -D#SIZE=30000
// RUN: %run %t 29999 2>&1 | %check %s -D#AT=29999 -D#SIZE=30000
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 10000 2>&1 | %check %s -D#AT=10000 -D#SIZE=30000
// RUN: %run %t 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -DSIZE=9000000 %s -o %t
// RUN: %run %t 7654321 2>&1 | %check %s -D#AT=7654321 -D#SIZE=9000000
// RUN: %run %t 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

#ifndef SIZE
#define SIZE 30000
#endif

int main(int argc, char **argv) {
  volatile char *P = malloc(SIZE);
  for (int I = 0; I != SIZE; ++I)
    P[I] = 1;
  free((void *)P);
  if (argc > 1)
    P[atoi(argv[1])] = 2;
  puts("done");
}
// CHECK: heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK: {{^}}[[P]] is located [[#AT]] bytes inside of [[#SIZE]]-byte region [
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
