// If this fails, a bad free of an object that is guarded lightly goes unseen, or
// a good one is reported.
// RUN: %clang -O2 %s -o %t
// RUN: env HF=only_light=1 %run %t 2>&1 | %check %s
// RUN: env HF=only_light=1:budget_percent=100:sample_every=0 %run %t 2>&1 \
// RUN:   | %check %s
// RUN: env HF=only_light=1 %run %t good 2>&1 | %check %s --check-prefix=GOOD
#include <stdio.h>
#include <stdlib.h>

static void *volatile p;

int main(int argc, char **argv) {
  (void)argv;
  int is_good = argc > 1;
  p = malloc(40);
  free(p);
  if (!is_good)
    free(p);
  p = calloc(3, 30);
  if (!is_good)
    free((char *)p + 16);
  free(p);
  // Too large to be guarded lightly.
  p = malloc(1000);
  free(p);
  puts("done");
}
// CHECK:      ERROR: HeapFence: double-free on address [[A:0x[0-9a-f]+]] at pc
// CHECK:      {{^}}    #0 {{.*}} in main {{.*}}frees.c:[[#@LINE-11]]:5 (
// CHECK:      {{^}}[[A]] is located 0 bytes inside of 40-byte region {{.*}} (heapfence-#{{[0-9]+}}, light, site
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}frees.c:[[#@LINE-16]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}frees.c:[[#@LINE-19]]:7 (
// CHECK:      ERROR: HeapFence: invalid-free
// CHECK:      is located 16 bytes inside of 90-byte region
// CHECK:      {{^}}done

// GOOD-NOT: HeapFence
// GOOD: {{^}}done
