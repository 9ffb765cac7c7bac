// If this fails, guard_only with the numbers of a report does not reproduce the
// report with nothing else guarded, or a site cannot be named by its place.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// By an allocation site:
// RUN: sh %S/Inputs/replay %t %run sample_every=1 | %check %s --check-prefixes=CHECK,ALLOCATION
// By the call of a wrapper:
// RUN: sh %S/Inputs/replay %t %run guard_only=guard-only.c:40 | %check %s --check-prefixes=CHECK,CONTEXT
// RUN: %clang -O2 -fno-unroll-loops -I%S/../../../runtime/include %s -o %t
// RUN: sh %S/Inputs/replay %t %run sample_every=1 | %check %s --check-prefixes=CHECK,ALLOCATION
// RUN: sh %S/Inputs/replay %t %run guard_only=guard-only.c:40 | %check %s --check-prefixes=CHECK,CONTEXT
// By its place, all executions:
// RUN: env HF=sample_every=0:guard_only=options/guard-only.c:40:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=PLACE
// RUN: env HF=guard_only=guard-only.c:40:24 %run %t 2>&1 | %check %s --check-prefix=INLINE
// RUN: env HF=guard_only=guard-only.c:28:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=INNER
// What is bad input, or was never executed:
// RUN: env HF=guard_only=guard-only.c:40:23 %run %t 2>&1 | %check %s --check-prefix=NOWHERE
// RUN: env HF=guard_only=guard-only.c:40:verbosity=0:guard_only=9999 %run %t 2>&1 | %check %s --check-prefix=NOWHERE
// RUN: env HF=guard_only=xuard-only.c:43 %run %t 2>&1 | %check %s --check-prefix=NOWHERE
// RUN: sh -c 'HF=guard_only=guard-only.c "$0" "$1" 2>&1' %run %t | %check %s --check-prefix=BAD
// RUN: env HF=guard_only=guard-only.c:40 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

static int Others;

__attribute__((noinline)) static void *my_alloc(size_t Size) {
  return malloc(Size + 8);
}

static void other(void *P) {
  Others += heapfence_is_guarded(P);
  free(P);
}

int main(int argc, char **argv) {
  for (int I = 1; I != 8; ++I) {
    other(malloc(5));
    other(my_alloc(10));
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
// ALLOCATION-NEXT: (heapfence-#1, site [[SITE]], 1st guarded here, execution 6)
// CONTEXT-NEXT:    (heapfence-#1, site [[SITE]], 1st guarded here, execution 3)
// ALLOCATION-NEXT: 1 guarded, 1 freed, 1 reports, 14 executions of guard_only
// CONTEXT-NEXT:    1 guarded, 1 freed, 1 reports, 7 executions of guard_only
// CHECK-NEXT:      {{^}}! others: 0

// PLACE: heapfence-#3, site [[#]], 3rd guarded here)
// PLACE: 7 guarded, 7 freed, 1 reports, 7 executions of guard_only
// PLACE: {{^}}! others: 0

// INLINE: heapfence-#3, site [[#]], 3rd guarded here)
// INLINE: {{^}}! others: 0

// INNER: heapfence-#6, site [[#]], 6th guarded here)
// INNER: 14 guarded,
// INNER: {{^}}! others: 7

// NOWHERE:      {{^}}==[[#]]==HeapFence: guard_only: there is no such allocation site
// NOWHERE-NEXT: {{^}}! others: 0

// BAD:      {{^}}==[[#]]==HeapFence: option 'guard_only' wants SITE, SITE:N, FILE:LINE or FILE:LINE:COLUMN: left as it was
// BAD:      ERROR: HeapFence: heap-use-after-free

// FIXED-NOT: HeapFence
// FIXED: {{^}} others: 0
