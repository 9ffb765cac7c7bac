// If this fails, objects of new are not guarded after delete.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>

struct Point {
  volatile int X = 1, Y = 2;
};

int main(int argc, char **argv) {
  Point *volatile P = new Point;
  int Sum = P->X;
  if (argc > 1)
    Sum += P->Y;
  delete P;
  if (argc == 1) {
    P->X = 5;
    Sum += P->Y;
  }
  printf("sum %d\n", Sum);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}WRITE at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 8-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}use-after-delete.cpp:[[#@LINE-11]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}use-after-delete.cpp:[[#@LINE-17]]:23 (
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}sum 1

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 3
