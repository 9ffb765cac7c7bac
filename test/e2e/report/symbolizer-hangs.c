// If this fails, a hanging symbolizer stalls the program for good, or stays
// behind as a process of its own.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'printf "#!/bin/sh\necho \$\$ > %t.pid\nexec sleep 50\n" > %t.sh; chmod +x %t.sh'
// RUN: env HF=symbolize=1:symbolizer_path=%t.sh:symbolize_timeout_ms=300 %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: sh -c 'sleep 0.1; ps -o stat= -p $(cat %t.pid); echo end' | %check %s --check-prefix=GONE
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile P = malloc(10);
  free(P);
  P[1] = 1;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}done

// GONE-NOT: {{^}}{{[DRST]}}
// GONE: end
