// If this fails, verbosity=1 does not say at the start that the runtime is on,
// and at the end what it did.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
// RUN: env HF=verbosity=2 %run %t 2>&1 | %check %s --check-prefixes=CHECK,ALL
// RUN: %run %t 2>&1 | %check %s --check-prefix=SILENT
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile P = malloc(10), *volatile Q = malloc(10);
  P = realloc(P, 100);
  free(P);
  puts(Q ? "done" : "");
}
// CHECK:      {{^}}==[[PID:[0-9]+]]==HeapFence: on: {{[0-9]+}} live objects, {{guard markers|mprotect}}{{$}}
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: 3 guarded, {{(0 of those lightly, )?}}2 freed, 0 reports
// ALL-SAME:   , 0 refused: live limit, {{.*}}0 refused: too large
// CHECK-NEXT: {{^}}done

// SILENT-NOT: HeapFence
// SILENT: {{^}}done
