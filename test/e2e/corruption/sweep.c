// If this fails, sweep_interval_ms does not find, while the program runs, what was
// written beside an object that lives on.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=sweep_interval_ms=1 %run %t 2>&1 | %check %s
// RUN: env HF=sweep_interval_ms=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %run %t 2>&1 | %check %s --check-prefix=LATE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void *volatile seen; // Others may see the object: it is aligned.

int main(int argc, char **argv) {
  char *volatile p = malloc(21);
  seen = p;
  p[argc == 1 ? 21 : 20] ^= 1;
  puts("written"), fflush(stdout);
  nanosleep(&(struct timespec){0, 5000000}, 0);
  free(malloc(1));
  puts("allocated"), fflush(stdout);
}
// CHECK: written
// CHECK-NEXT: ERROR: HeapFence: heap-corruption
// CHECK-NEXT: found by thread T0 here:
// CHECK-NEXT: in main {{.*}}sweep.c:19:8 (
// CHECK: SUMMARY: HeapFence: heap-corruption
// CHECK: allocated
// CHECK-NOT: HeapFence
// LATE: written
// LATE-NEXT: allocated
// LATE-NEXT: ERROR: HeapFence: heap-corruption
// FIXED-NOT: HeapFence
// FIXED: allocated
