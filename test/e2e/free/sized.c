// If this fails, free_sized or free_aligned_sized of a guarded object reaches the
// C library, or a program that calls them does not link.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t -DTWIN
// RUN: %run %t 2>&1 | %check %s --check-prefix=TWIN
// TWIN-NOT: HeapFence
#include <stdio.h>
#include <stdlib.h>

void free_sized(void *, size_t);
void free_aligned_sized(void *, size_t, size_t);

int main(void) {
  char *volatile p = malloc(20);
  char *volatile q = aligned_alloc(64, 128);
  p[0] = q[0] = 1;
  free_sized(p, 20);
  free_aligned_sized(q, 64, 128);
#ifndef TWIN
  // CHECK:      ERROR: HeapFence: heap-use-after-free on address
  // CHECK:      freed by thread T0 here:
  // CHECK-NEXT:     #0 0x{{.*}} in main {{.*}}sized.c:20:3 (
  char c = p[3];
  // CHECK:      ERROR: HeapFence: double-free on address
  // CHECK-NEXT: double free of 0x{{.*}} by thread T0 here:
  // CHECK-NEXT:     #0 0x{{.*}} in main {{.*}}sized.c:[[# @LINE + 1]]:3 (
  free_aligned_sized(q, 64, 128);
  printf("%d\n", c);
#endif
  // TWIN: done
  // CHECK: done
  puts("done");
}
