// If this fails, writes to freed memory go unseen, or are told as reads.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile int *P = malloc(10 * sizeof(int));
  P[9] = 1;
  if (argc > 1)
    P[9] = 2;
  free((void *)P);
  if (argc == 1)
    P[9] = 3;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 36 bytes inside of 40-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}write.c:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}write.c:[[#@LINE-15]]:21 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
