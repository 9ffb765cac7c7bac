// If this fails, arrays of new[] are not guarded after delete[], with or
// without a cookie in front of them.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>

static int Destroyed;
struct Part {
  volatile int Value = 4;
  ~Part() { ++Destroyed; }
};

int main(int argc, char **argv) {
  char *volatile Plain = new char[24];
  Part *volatile Parts = new Part[5];
  delete[] Plain;
  delete[] Parts;
  if (argc == 1) {
    Plain[23] = 1;
    Parts[0].Value = 1;
  }
  printf("destroyed %d\n", Destroyed);
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[P]] is located 23 bytes inside of 24-byte region [
// CHECK: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}array.cpp:[[#@LINE-12]]:3 (
// CHECK: {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}array.cpp:[[#@LINE-16]]:26 (
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}WRITE at [[Q:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[Q]] is located 8 bytes inside of 28-byte region [
// CHECK: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}array.cpp:[[#@LINE-18]]:3 (
// CHECK: {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}array.cpp:[[#@LINE-22]]:26 (
// CHECK: {{^}}destroyed 5

// FIXED-NOT: HeapFence
// FIXED: {{^}}destroyed 5
