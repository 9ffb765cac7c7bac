// If this fails, help=1 does not list each option, or keeps the program from
// running.
// RUN: %clang -O1 %s -o %t
// RUN: env HF=help=1 %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: sh -c 'for o in $(sed -n "s/^HF_[A-Z]*(\([a-z_]*\),.*/\1/p" %S/../../../runtime/options.def); do grep -q "^  $o=.*: [^ ]" %t.log || echo "missing: $o"; done > %t.missing'
// RUN: diff /dev/null %t.missing
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  void *volatile P = malloc(1);
  free(P);
  puts("done");
}
// CHECK:      {{^}}HEAPFENCE_OPTIONS: name=value, separated by ':'
// CHECK-NEXT: {{^}}  enabled=0|1 (default 1): guard sampled allocations
// CHECK:      {{^}}  placement=left|right|random (default random): which end
// CHECK:      {{^}}  log_path=PATH: write reports to
// CHECK:      {{^}}done
