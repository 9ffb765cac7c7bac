// If this fails, the free of a pointer into unused memory of the pool crashes
// or reaches the real allocator.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(16);
  if (argc == 1)
    free(P + (100 << 20));
  free(P);
  puts("done");
}
// CHECK:      ERROR: HeapFence: invalid-free on address [[P:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[P]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}wild.c:[[#@LINE-6]]:5 (
// CHECK:      {{^}}[[P]] is in pool memory that never belonged to an object
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
