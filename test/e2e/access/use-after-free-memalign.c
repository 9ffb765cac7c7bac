// If this fails, objects of the aligned C functions are not guarded, or sit
// where their alignment does not allow.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  void *P = NULL;
  int Error = posix_memalign(&P, 64, 100);
  char *volatile Objects[] = {P, aligned_alloc(256, 512), memalign(32, 33),
                              valloc(10)};
  int Sum = Error;
  for (int I = 0; I != 4; ++I) {
    Sum += (uintptr_t)Objects[I] % (I == 0 ? 64 : I == 1 ? 256 : 32);
    free(Objects[I]);
    if (argc == 1)
      Sum += Objects[I][5];
  }
  printf("sum %d\n", Sum);
}
// CHECK: heap-use-after-free
// CHECK: is located 5 bytes inside of 100-byte region [0x{{[0-9a-f]*[048c]}}0,
// CHECK: {{^}}previously allocated
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}memalign.c:[[#@LINE-15]]:15 (
// CHECK: heap-use-after-free
// CHECK: is located 5 bytes inside of 512-byte region [0x{{[0-9a-f]*}}00,
// CHECK: {{^}}previously allocated
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}memalign.c:[[#@LINE-18]]:34 (
// CHECK: heap-use-after-free
// CHECK: is located 5 bytes inside of 33-byte region [0x{{[0-9a-f]*[02468ace]}}0,
// CHECK: {{^}}previously allocated
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}memalign.c:[[#@LINE-22]]:59 (
// CHECK: heap-use-after-free
// CHECK: is located 5 bytes inside of 10-byte region [0x{{[0-9a-f]*}}000,
// CHECK: {{^}}previously allocated
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}memalign.c:[[#@LINE-25]]:31 (
// CHECK: {{^}}sum 0

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 0
