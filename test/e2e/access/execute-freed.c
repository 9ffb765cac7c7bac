// If this fails, a jump into freed memory is not told as one, or hangs.
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'timeout 9 "$0" "$1" 2>&1; echo status $?' %run %t | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

static void greet(void) { puts("done"); }

int main(int argc, char **argv) {
  char *volatile P = malloc(16);
  free(P);
  void (*volatile Call)(void) = argc == 1 ? (void (*)(void))P : greet;
  Call();
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc [[P]]
// CHECK-NEXT: {{^}}EXECUTE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 16-byte region [
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// There is nothing to go on with.
// CHECK:      {{^}}status 139

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
