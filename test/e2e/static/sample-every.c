// If this fails, sample_every means something else with static branches: 1 is every
// allocation, 2 every other one on average.
// RUN: %clang %static -O1 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t | %check %s --check-prefix=EVERY
// RUN: env HF=sample_every=2 %run %t | %check %s --check-prefix=HALF
// RUN: env HF=sample_every=1000 %run %t | %check %s --check-prefix=FEW
// RUN: env HF=enabled=0 %run %t | %check %s --check-prefix=NONE
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int drop(void *volatile p) {
  int is = heapfence_is_guarded && heapfence_is_guarded(p);
  free(p);
  return is;
}

int main(void) {
  int n = 0;
  for (int i = 0; i != 2500; ++i) {
    n += drop(malloc(10)) + drop(calloc(2, 5)) + drop(strdup("text"));
    n += drop(realloc(NULL, 9));
  }
  const char *much = n == 10000                ? "all"
                     : n > 4700 && n < 5300    ? "half"
                     : n >= 3 && n <= 20       ? "few"
                     : n == 0                  ? "none"
                                               : "other";
  printf("%s of 10000: %d\n", much, n);
}
// EVERY: {{^}}all
// HALF: {{^}}half
// FEW: {{^}}few
// NONE: {{^}}none
