// If this fails, some page of a freed object of several pages stays open.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 0 2>&1 | %check %s -D#AT=0
// RUN: %run %t 10000 2>&1 | %check %s -D#AT=10000
// RUN: %run %t 29999 2>&1 | %check %s -D#AT=29999
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 10000 2>&1 | %check %s -D#AT=10000
// RUN: %run %t 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(30000);
  for (int I = 0; I != 30000; ++I)
    P[I] = 1;
  free((void *)P);
  if (argc > 1)
    P[atoi(argv[1])] = 2;
  puts("done");
}
// CHECK: heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK: {{^}}[[P]] is located [[#AT]] bytes inside of 30000-byte region [
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
