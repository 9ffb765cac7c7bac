// If this fails, an arm64 program with branch protection (BTI, PAC) loses it by being
// instrumented: an object file of ours does not ask for it, or has no landing pad.
// REQUIRES: cpu-aarch64, lld
//
// Without the C library, of which not all parts ask for it on all systems: linked with no
// warning, what is all ours has both.
// RUN: %clang -O2 -fPIC -DLIBRARY -mbranch-protection=standard -c %s -o %t.o
// RUN: %plain -shared -nostdlib %t.o -Wl,--whole-archive %lib/libheapfence_rt.a -Wl,--no-whole-archive -Wl,-z,force-bti -Wl,--fatal-warnings -o %t.so
// RUN: %readelf -n %t.so | %check %s --check-prefix=NOTE
// RUN: %plain %lld -shared -nostdlib %t.o -Wl,--whole-archive %lib/libheapfence_rt.a -Wl,--no-whole-archive -Wl,-z,force-bti -Wl,--fatal-warnings -o %t.so
// RUN: %readelf -n %t.so | %check %s --check-prefix=NOTE
//
// The processor, or qemu, checks the landing pads of both the code and the runtime. Start
// files are left out: they may have none.
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: %plain -shared -nostartfiles -Wl,--defsym=__dso_handle=0 -Wl,--whole-archive %lib/libheapfence_rt.a -Wl,--no-whole-archive -Wl,-z,force-bti -o %t.dir/libheapfence.so
// RUN: %plain -shared -nostartfiles %t.o -Wl,-z,force-bti -Wl,--fatal-warnings -o %t.dir/libcode.so
// RUN: %readelf -n %t.dir/libheapfence.so | %check %s --check-prefix=BTI
// RUN: %plain %s -L%t.dir -lcode -lheapfence -Wl,-rpath,%t.dir -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void use(void);

#ifdef LIBRARY
// Its address is taken: a thunk stands for it, which is jumped to indirectly.
static void *(*volatile Allocate)(size_t) = malloc;

void use(void) {
  char *P = Allocate(10);
  memset(P, 'x', 10);
  write(STDOUT_FILENO, P, 10), puts("");
  P = realloc(P, 32);
  write(STDOUT_FILENO, P, 33), puts("");
  free(P);
  puts("done");
}
#else
int main(void) { use(); }
#endif
// NOTE: aarch64 feature: BTI, PAC
// BTI: aarch64 feature: BTI
// CHECK: xxxxxxxxxx
// CHECK: ERROR: HeapFence: heap-buffer-overflow
// CHECK: {{^}}done
