// If this fails, a report has no summary, or the program stalls, where no
// symbolizer can be run.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=symbolize=1:symbolizer_path=/nonexistent %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1:symbolizer_path=%s %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1:symbolizer_path=/bin/false %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile P = malloc(10);
  free(P);
  P[1] = 1;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NOT:  symbolized
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free ({{.*}}missing.c.tmp+0x{{[0-9a-f]+}})
// CHECK-NEXT: {{^}}done
