// If this fails, rare code is not guarded the first time it runs, or hot code is
// guarded without a bound: with default options each site's first executions
// are, as far as there is time.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
// RUN: %clang -O1 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=0:budget_percent=0 %run %t 2>&1 | %check %s --check-prefix=NONE
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  int guarded[3] = {0};
  int first = 0;
  for (int i = 0; i != 3000000; ++i) {
    char *volatile p = malloc(1), *volatile q = calloc(2, 2);
    char *volatile r = NULL;
    if (i == 2999999)
      r = strdup("rare");
    guarded[0] += heapfence_is_guarded(p);
    guarded[1] += heapfence_is_guarded(q);
    guarded[2] += heapfence_is_guarded(r);
    if (i == 0)
      first = heapfence_is_guarded(p) && heapfence_is_guarded(q);
    free(p), free(q), free(r);
  }
  printf("first: %d, rare: %d, hot: %s\n", first, guarded[2],
         guarded[0] + guarded[1] < 3000 ? "few" : "many");
}
// CHECK: {{^}}first: 1, rare: 1, hot: few
// NONE: {{^}}first: 0, rare: 0, hot: few
