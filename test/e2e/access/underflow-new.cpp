// If this fails, accesses before an object of new go unseen.
// RUN: %clangxx -O0 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>

int main(int argc, char **argv) {
  volatile int *P = new int[100]();
  int Sum = 0;
  for (int I = 99; I >= (argc == 1 ? -1 : 0); --I)
    Sum += P[I];
  delete[] P;
  printf("sum %d\n", Sum);
}
// CHECK:      ERROR: HeapFence: heap-buffer-underflow on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}READ at [[P]] thread T0{{$}}
// CHECK:      {{^}}[[P]] is located 4 bytes before 400-byte region [
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}new.cpp:[[#@LINE-11]]:21 (
// CHECK:      {{^}}sum 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 0
