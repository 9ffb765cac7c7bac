// If this fails, the guard breaks blocks whose address is taken, jumps of
// assembly, or a function that returns twice.
// RUN: %clang -O0 -S -emit-llvm %s -o - | %opt -passes=verify -S | %check %s
// RUN: %clang -O2 %s -o %t -DMAIN
// RUN: %run %t 2>&1 | %check %s --check-prefix=OUT
// RUN: %clang -O0 %s -o %t -DMAIN
// RUN: %run %t 2>&1 | %check %s --check-prefix=OUT
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

// CHECK-LABEL: define {{.*}}@computed(
// CHECK-COUNT-5: {{call .*@__heapfence_(slow|cold)\.|asm sideeffect ".Lheapfence_return}}
int computed(int k) {
  static void *const labels[] = {&&grow, &&make, &&drop};
  char *p = NULL;
  int steps = 0;
make:
  p = realloc(p, 8);
  ++steps;
  goto *labels[k];
grow:
  p = realloc(p, 16);
  k = 2;
  ++steps;
  goto *labels[k];
drop:
  free(p);
  p = malloc(3);
  free(p);
  return steps;
}

// CHECK-LABEL: define {{.*}}@jumping(
// CHECK-COUNT-3: {{call .*@__heapfence_(slow|cold)\.|asm sideeffect ".Lheapfence_return}}
int jumping(void *p) {
  asm goto("" : : : : out);
  p = realloc(p, 10);
  free(p);
  return 1;
out:
  free(p);
  return 2;
}

static jmp_buf back;
// CHECK-LABEL: define {{.*}}@twice(
int twice(void) {
  char *volatile p = malloc(4);
  volatile int turn = 0;
  if (setjmp(back) == 0 || turn < 3) {
    ++turn;
    free(p);
    p = malloc(turn);
    longjmp(back, 1);
  }
  free(p);
  return turn;
}

#ifdef MAIN
int main(void) {
  printf("%d %d %d\n", computed(0), jumping(malloc(1)), twice());
}
#endif
// OUT-NOT: HeapFence
// OUT: {{^}}2 1 3
