// If this fails, reads of freed memory go unseen, or are told as something
// else.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -g %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(16);
  P[3] = 'x';
  if (argc > 1)
    putchar(P[3]);
  free((void *)P);
  if (argc == 1)
    putchar(P[3] ? 'y' : 'z');
}
// CHECK:      {{^}}==[[#]]==ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc 0x
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK-NEXT: {{^}}    #0 0x
// CHECK:      {{^}}[[P]] is located 3 bytes inside of 16-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}read.c:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}read.c:[[#@LINE-15]]:22 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// A read object is opened again, zeroed.
// CHECK-NEXT: {{^}}z

// FIXED-NOT: HeapFence
// FIXED: {{^}}x
