// If this fails, allocations before main, in constructors or even before them,
// crash or are not guarded.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

static char *volatile First, *volatile Second;

static void earliest(void) { First = malloc(10); }
__attribute__((section(".preinit_array"), used)) static void (*Earliest)(void) =
    earliest;

__attribute__((constructor(101))) static void early(void) {
  Second = malloc(20);
  *First = *Second = 'x';
}

int main(int argc, char **argv) {
  putchar(*First), putchar(*Second);
  free(First);
  free(Second);
  if (argc == 1)
    *Second = 1;
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 0 bytes inside of 20-byte region [
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in early {{.*}}main.c:[[#@LINE-14]]:12 (
// CHECK-NOT:  ERROR
// CHECK:      {{^}}xx

// FIXED-NOT: HeapFence
// FIXED: {{^}}xx
