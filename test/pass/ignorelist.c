// If this fails, the ignore list has no effect through the compiler, loses it
// where a listed function is inlined, or a broken list goes unnoticed.
// RUN: echo '[heapfence]' > %t.fun
// RUN: echo 'fun:quiet*' >> %t.fun
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.fun -S -emit-llvm %s -o - | %check %s
// RUN: echo '[heapfence]' > %t.src
// RUN: echo 'src:*ignorelist.c' >> %t.src
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.src -S -emit-llvm %s -o - | %check %s --check-prefix=SRC
// RUN: echo '[other]' > %t.other
// RUN: echo 'fun:*' >> %t.other
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.other -S -emit-llvm %s -o - | %check %s --check-prefix=OTHER
// RUN: echo 'no list' > %t.bad
// RUN: not %clang -O2 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.bad -c %s -o %t.o 2>&1 | %check %s --check-prefix=BAD
// RUN: not %clang -O2 -Xclang -mllvm -Xclang -heapfence-ignorelist=%t.none -c %s -o %t.o 2>&1 | %check %s --check-prefix=NONE
#include <stdlib.h>
static void *quiet_obtain(size_t n) { return malloc(n); }
// CHECK-LABEL: define {{.*}}@user(
// CHECK-NOT:   __heapfence_slow
// CHECK:       call {{.*}}@malloc(
// OTHER-LABEL: define {{.*}}@user(
// OTHER:       __heapfence_slow.malloc
void *user(size_t n) { return quiet_obtain(n + 1); }
// CHECK-LABEL: define {{.*}}@other(
// CHECK:       __heapfence_slow.malloc
// SRC-NOT:     __heapfence
void *other(size_t n) { return malloc(n); }
// Told once, though the pass runs twice.
// BAD:     error: heapfence-ignorelist: {{.*}}.bad': malformed line 1: 'no list'
// BAD-NOT: error: heapfence
// NONE:     error: heapfence-ignorelist: can't open file '{{.*}}.none'
// NONE-NOT: error: heapfence
