// If this fails, `heapfence core` crashes, or reports something, where it has
// not got what it takes: it should say why.
// REQUIRES: core-files
// RUN: %clang -O0 -g %s -o %t
// RUN: %S/Inputs/dump %t.core %t > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=GOOD
// RUN: %hf core %t.core %t 0x10 | %check %s --check-prefix=ADDRESS
// RUN: %plain -O0 -g %s -o %t.plain
// RUN: %S/Inputs/dump %t.plain.core %t.plain > %t.out 2>&1
// RUN: not %hf core %t.plain.core %t.plain 2>&1 | %check %s --check-prefix=WITHOUT
// RUN: env HF=enabled=0 %S/Inputs/dump %t.plain.core %t > %t.out 2>&1
// RUN: not %hf core %t.plain.core %t 2>&1 | %check %s --check-prefix=WITHOUT
// RUN: not %hf core %t.core %t.plain 2>&1 | %check %s --check-prefix=OTHER
// RUN: not %hf core %t.core %s 2>&1 | %check %s --check-prefix=SOURCE
// RUN: not %hf core %t.core %t.nothing 2>&1 | %check %s --check-prefix=NOTHING
// RUN: not %hf core %t.nothing %t 2>&1 | %check %s --check-prefix=NOTHING
// RUN: not %hf core %t.core.dir %t 2>&1 | %check %s --check-prefix=NOTHING
// RUN: not %hf core %s %t 2>&1 | %check %s --check-prefix=TEXT
// RUN: not %hf core %t %t 2>&1 | %check %s --check-prefix=TEXT
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad cut
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=CUT
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad headers
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=CUT
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad empty
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=TEXT
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad machine
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=MACHINE
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad 32-bit
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=MACHINE
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad version
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=VERSION
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad sizes
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=VERSION
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad layout
// RUN: not %hf core %t.bad %t 2>&1 | %check %s --check-prefix=TABLES
// RUN: python3 %S/Inputs/damage.py %t.core %t.bad slot
// RUN: %hf core %t.bad %t 2>&1 | %check %s --check-prefix=LEFT
// RUN: not %hf core %t.core 2>&1 | %check %s --check-prefix=USAGE
// RUN: not %hf core %t.core %t here 2>&1 | %check %s --check-prefix=USAGE
// RUN: rm %t.core %t.plain.core %t.bad
#include "Inputs/die.h"
#include <stdlib.h>

int main(void) {
  die_of(SIGSEGV);
  char *volatile p = malloc(16);
  free(p);
  *p = 1;
  *(volatile char *)0x10 = 1; // What is not guarded does not fault.
}
// GOOD:    ERROR: HeapFence: heap-use-after-free
// ADDRESS: {{^}}0x10 is not in guarded memory{{$}}
// WITHOUT: {{^}}heapfence: {{.*}}.plain.core: HeapFence is not on in it{{$}}
// OTHER:   {{^}}heapfence: {{.*}}.plain: the core is of another executable{{$}}
// SOURCE:  {{^}}heapfence: {{.*}}bad-input.c: it is no executable of this architecture{{$}}
// NOTHING: {{^}}heapfence: {{.*}}: it cannot be read{{$}}
// TEXT:    {{^}}heapfence: {{.*}}: not a core file{{$}}
// CUT:     {{^}}heapfence: {{.*}}.bad: it is truncated
// MACHINE: {{^}}heapfence: {{.*}}.bad: it is of another architecture{{$}}
// VERSION: {{^}}heapfence: {{.*}}.bad: its HeapFence is of another version than this tool{{$}}
// TABLES:  {{^}}heapfence: {{.*}}.bad: HeapFence's tables in it are damaged{{$}}
// LEFT:    ERROR: HeapFence: wild-access
// LEFT:    HeapFence: left out, for what is kept of them is damaged: 1 object
// USAGE:   heapfence
