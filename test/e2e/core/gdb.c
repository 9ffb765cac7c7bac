// If this fails, gdb's command heapfence does not tell what is at an address, in
// a core file.
// REQUIRES: gdb, core-files
// RUN: %clang -O0 -g %s -o %t
// RUN: %S/Inputs/dump %t.core %t > %t.out 2>&1
// RUN: env PATH=%bin:/usr/bin:/bin %gdb -q -nx -batch -ex "source %S/../../../tools/gdb/heapfence.py" -ex "heapfence \$_siginfo._sifields._sigfault.si_addr" -ex "heapfence p + 1" -ex "heapfence" -ex "heapfence main" %t %t.core 2>&1 | %check %s --check-prefixes=FAULT,REST
// RUN: rm %t.core
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
// gdb-run.test: nothing runs yet.
// NONE:  There is no process of this machine.
// FAULT: {{^}}0x{{[0-9a-f]+}} is located 7 bytes inside of 20-byte region [{{.*}}) (heapfence-#2,
// FAULT-NEXT: {{^}}freed by thread T0 here:
// FAULT-NEXT: #0 {{.*}} in main {{.*}}gdb.c:17:
// REST:  {{^}}0x{{[0-9a-f]+}} is located 1 byte inside of 30-byte region [{{.*}}) (heapfence-#1,
// REST-NEXT: {{^}}allocated by thread T0 here:
// REST:  Usage: heapfence EXPRESSION
// REST:  {{^}}0x{{[0-9a-f]+}} is not in guarded memory
