// If this fails, jumping out of functions that allocate leaves the runtime in a
// state that hangs or refuses.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf Back;
static char *volatile Last;

__attribute__((noinline)) static void allocateAndLeave(int I) {
  Last = malloc(16 + I % 100);
  memset(Last, 1, 16);
  longjmp(Back, 1);
}

int main(void) {
  static volatile int Count;
  while (Count != 1000) {
    if (!setjmp(Back))
      allocateAndLeave(Count);
    ++Count;
    free(Last);
  }
  printf("count %d\n", Count);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}count 1000
