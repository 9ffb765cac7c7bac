// If this fails, objects of the aligned operator new are not guarded, or not
// aligned.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdint.h>
#include <stdio.h>

struct alignas(128) Line {
  volatile int Values[33] = {};
};

int main(int argc, char **argv) {
  Line *volatile P = new Line;
  int Odd = int(reinterpret_cast<uintptr_t>(P) % 128);
  P->Values[32] = 1;
  delete P;
  if (argc == 1)
    Odd += P->Values[32];
  printf("odd %d\n", Odd);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 128 bytes inside of 256-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}aligned.cpp:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}aligned.cpp:[[#@LINE-14]]:22 (
// CHECK:      {{^}}odd 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}odd 0
