// If this fails, rare code is not guarded the first time it runs: with default
// options each site is, once, and hot sites are left alone.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=sample_every=0:verbosity=1 %run %t 2>&1 | %check %s
// RUN: %clang -O1 %s -o %t
// RUN: env HF=sample_every=0:verbosity=1 %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  for (int I = 0; I != 300; ++I) {
    char *volatile P = malloc(1), *volatile Q = calloc(2, 2);
    char *volatile R = NULL;
    if (I == 299)
      R = strdup("rare");
    if (argc > 1) // Never executed.
      R = malloc(4);
    free(P), free(Q), free(R);
  }
  puts("done");
}
// Three sites are executed; in 600 allocations the steady rate of 1 in 5000
// adds none or one.
// CHECK: {{^}}==[[#]]==HeapFence: {{[34]}} guarded, {{[34]}} freed, 0 reports
// CHECK: {{^}}done
