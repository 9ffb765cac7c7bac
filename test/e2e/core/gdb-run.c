// If this fails, gdb's command heapfence does not tell what is at an address, in
// a process that gdb runs.
// gdb knows a process under qemu by no number of this machine.
// REQUIRES: gdb, cpu-x86_64
// RUN: %clang -O0 -g %s -o %t
// RUN: env PATH=%bin:/usr/bin:/bin HEAPFENCE_OPTIONS=sample_every=1:placement=right:seed=1 gdb -q -nx -batch -ex "source %S/../../../tools/gdb/heapfence.py" -ex "heapfence 1" -ex "run" -ex "heapfence \$_siginfo._sifields._sigfault.si_addr" -ex "heapfence p + 1" -ex "heapfence" -ex "heapfence main" %t 2>&1 | %check %s --check-prefixes=NONE,FAULT,REST
#include "Inputs/die.h"
#include <stdlib.h>

static char *volatile p, *volatile q;

int main(void) {
  die_of(SIGSEGV);
  p = malloc(30);
  q = malloc(20);
  free(q);
  q[7] = 1;
}
// NONE:  There is no process of this machine.
// FAULT: {{^}}0x{{[0-9a-f]+}} is located 7 bytes inside of 20-byte region [{{.*}}) (heapfence-#2,
// FAULT-NEXT: {{^}}freed by thread T0 here:
// FAULT-NEXT: #0 {{.*}} in main {{.*}}gdb-run.c:16:
// REST:  {{^}}0x{{[0-9a-f]+}} is located 1 byte inside of 30-byte region [{{.*}}) (heapfence-#1,
// REST-NEXT: {{^}}allocated by thread T0 here:
// REST:  Usage: heapfence EXPRESSION
// REST:  {{^}}0x{{[0-9a-f]+}} is not in guarded memory
