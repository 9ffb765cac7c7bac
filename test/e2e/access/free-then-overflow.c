// If this fails, an access beside the pages of a freed object is not told as an
// overrun, or without the free.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 32 2>&1 | %check %s
// RUN: env HF=placement=left %run %t -1 2>&1 | %check %s --check-prefix=BEFORE
// RUN: %run %t -1 2>&1 | %check %s --check-prefix=BESIDE
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 32 2>&1 | %check %s
// RUN: %run %t 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(32);
  free((void *)P);
  if (argc > 1)
    P[atoi(argv[1])] = 1;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-buffer-overflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes after 32-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}overflow.c:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}overflow.c:[[#@LINE-12]]:22 (
// CHECK:      {{^}}done

// BEFORE:      ERROR: HeapFence: heap-buffer-underflow
// BEFORE:      is located 1 byte before 32-byte region [
// BEFORE-NEXT: {{^}}freed by thread T0 here:
// BEFORE:      {{^}}previously allocated by thread T0 here:
// BEFORE:      {{^}}done

// On the freed object's own pages both are true: the free is what is certain.
// BESIDE:      ERROR: HeapFence: heap-use-after-free
// BESIDE:      is located 1 byte before 32-byte region [
// BESIDE-NEXT: {{^}}freed by thread T0 here:
// BESIDE:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
