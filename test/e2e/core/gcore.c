// If this fails, a core file that gdb wrote is read otherwise than the kernel's.
// gdb leaves out what follows a guard marker, which must not be taken for
// changed. Large: with one LLVM only. Of what qemu runs gdb makes no core.
// REQUIRES: gdb, llvm-22, guard-countdown, cpu-x86_64
// RUN: %clang -O0 -g %s -o %t
// RUN: env HEAPFENCE_OPTIONS=sample_every=1:placement=right:seed=1 gdb -q -nx -batch -ex "run" -ex "gcore %t.core" --args %t freed > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=FREED
// RUN: env HEAPFENCE_OPTIONS=sample_every=1:placement=right:seed=1 gdb -q -nx -batch -ex "run" -ex "gcore %t.core" --args %t beside > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=UNKNOWN
// RUN: env HEAPFENCE_OPTIONS=sample_every=1:placement=right:seed=1:guard=mprotect gdb -q -nx -batch -ex "run" -ex "gcore %t.core" --args %t beside > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=BESIDE
// RUN: rm %t.core
#include <stdlib.h>

static void *volatile seen; // Others may see the object: it is aligned.

int main(int argc, char **argv) {
  char *volatile p = malloc(30), *volatile q = seen = malloc(20);
  free(p);
  if (argv[1][0] == 'f')
    p[7] = 1;
  q[21] ^= 1;
  abort();
}
// FREED: {{^}}==[[#]]==ERROR: HeapFence: heap-use-after-free on address
// FREED: {{^}}WRITE at {{.*}} thread T0
// FREED-NEXT: #0 {{.*}} in main {{.*}}gcore.c:21:
// FREED: is located 7 bytes inside of 30-byte region
// FREED-NOT: ERROR

// UNKNOWN: the process was ended by SIGABRT, which tells no address
// UNKNOWN-NOT: ERROR
// UNKNOWN: not checked, for their pages are not in the core: 1 object
// UNKNOWN-NOT: ERROR

// BESIDE: the process was ended by SIGABRT, which tells no address
// BESIDE: ERROR: HeapFence: heap-corruption on address
// BESIDE: is located 1 byte after 20-byte region
