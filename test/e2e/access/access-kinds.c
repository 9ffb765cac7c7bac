// If this fails, a read-modify-write, a string instruction or a load across the
// end of an object is told with the wrong kind or address.
// RUN: %clang -O1 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  int Over = argc == 1 ? 16 : 0;
  char *volatile P[4];
  for (int I = 0; I != 4; ++I)
    P[I] = calloc(1, 16);
  __atomic_fetch_add((int *)(P[0] + Over), 1, __ATOMIC_SEQ_CST);
  int Expected = 7;
  __atomic_compare_exchange_n((int *)(P[1] + Over), &Expected, 8, 0,
                              __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  long Sum;
  memcpy(&Sum, P[2] + Over * 3 / 4, sizeof(Sum));
  __builtin_prefetch(P[3] + 4000);
  for (int I = 0; I != 4; ++I)
    free(P[I]);
  printf("sum %ld\n", Sum);
}
// CHECK: heap-buffer-overflow
// CHECK: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[P]] is located 0 bytes after 16-byte region
// CHECK: heap-buffer-overflow
// CHECK: {{^}}WRITE at [[Q:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[Q]] is located 0 bytes after 16-byte region
// The load starts 4 bytes before: the CPU tells where the closed page begins.
// CHECK: heap-buffer-overflow
// CHECK: {{^}}READ at [[R:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[R]] is located 0 bytes after 16-byte region
// CHECK-NOT: ERROR
// CHECK: {{^}}sum 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 0
