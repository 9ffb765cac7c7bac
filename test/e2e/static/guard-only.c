// If this fails, guard_only means another site, or another execution of it,
// where sites have static branches.
// RUN: %clang -O1 -fno-unroll-loops %static -I%S/../../../runtime/include %s -o %t
// RUN: sh %S/../options/Inputs/replay %t %run sample_every=1 | %check %s --check-prefixes=CHECK,ALLOCATION
// RUN: sh %S/../options/Inputs/replay %t %run guard_only=guard-only.c:29 | %check %s --check-prefixes=CHECK,CONTEXT
// RUN: env HF=guard_only=guard-only.c:29 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

static int Others;

__attribute__((noinline)) static void *my_alloc(size_t Size) {
  char *volatile P = malloc(Size + 8);
  *P = 1;
  return P;
}

static void other(void *P) {
  Others += heapfence_is_guarded(P);
  free(P);
}

int main(int argc, char **argv) {
  for (int I = 1; I != 8; ++I) {
    other(malloc(5));
    other(my_alloc(10));
    // The object:
    volatile char *P = my_alloc(11);
    free((void *)P);
    if (argc == 1 && I == 3)
      putchar((P[0] & 0) + '!');
  }
  printf(" others: %d\n", Others);
}
// CHECK:           same report
// ALLOCATION-NEXT: first site [[SITE:[0-9]+]], 6th
// CONTEXT-NEXT:    first site [[SITE:[0-9]+]], 3th
// ALLOCATION-NEXT: (heapfence-#1, {{(char, )?}}site [[SITE]], 1st guarded here, execution 6)
// CONTEXT-NEXT:    (heapfence-#1, {{(char, )?}}site [[SITE]], 1st guarded here, execution 3)
// ALLOCATION-NEXT: 1 guarded, 1 freed, 1 reports, 14 executions of guard_only
// CONTEXT-NEXT:    1 guarded, 1 freed, 1 reports, 7 executions of guard_only
// CHECK-NEXT:      {{^}}! others: 0

// FIXED-NOT: HeapFence
// FIXED: {{^}} others: 0
