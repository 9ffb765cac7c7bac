// If this fails, the first byte past an object at the right end of its pages
// can be read unseen.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  size_t Sizes[] = {1, 2, 4, 8, 16, 48, 1008, 4096};
  size_t Offset = argc == 1 ? 0 : 1;
  int Sum = 0;
  for (int I = 0; I != 8; ++I) {
    volatile char *P = calloc(1, Sizes[I]);
    Sum += P[Sizes[I] - Offset];
    free((void *)P);
  }
  printf("sum %d\n", Sum);
}
// CHECK: heap-buffer-overflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK: {{^}}[[P]] is located 0 bytes after 1-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}read.c:[[#@LINE-10]]:24 (
// CHECK: {{^}}SUMMARY: HeapFence: heap-buffer-overflow
// CHECK: is located 0 bytes after 2-byte region [
// CHECK: is located 0 bytes after 4-byte region [
// CHECK: is located 0 bytes after 8-byte region [
// CHECK: is located 0 bytes after 16-byte region [
// CHECK: is located 0 bytes after 48-byte region [
// CHECK: is located 0 bytes after 1008-byte region [
// CHECK: is located 0 bytes after 4096-byte region [
// CHECK: {{^}}sum 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 0
