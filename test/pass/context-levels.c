// If this fails, some optimization level leaves a declared wrapper out, or the
// fast side of a context costs more than that of malloc: 3 instructions, 4 in
// position-independent libraries.
// RUN: %clang -O0 -S -emit-llvm %s -o - | %check %s --check-prefix=IR
// RUN: %clang -Os -S -emit-llvm %s -o - | %check %s --check-prefix=IR
// RUN: %clang -Oz -S -emit-llvm %s -o - | %check %s --check-prefix=IR
// RUN: %clang -O3 -S -emit-llvm %s -o - | %check %s --check-prefix=IR
// RUN: %clang -O2 -fno-pic -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %clang -O2 -fPIC -S %s -o - | %check %s --check-prefixes=BOTH,PIC
#include <stddef.h>
void *make(size_t n) __attribute__((malloc));
// IR-LABEL: define {{.*}}@user(
// IR: call {{.*}}@__heapfence_{{slow|cold}}.make.l(ptr nest @__heapfence_sites
void user(void **to, size_t n) {
  for (size_t i = 0; i < n; ++i)
    to[i] = make(n);
}
// BOTH-LABEL: {{^}}user:
// EXE:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// EXE-NEXT:     {{^}}	subl	%[[W]], %fs:__heapfence_countdown@TPOFF
// PIC:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// PIC:          {{^}}	subl	%[[W]], %fs:(%{{r[a-z0-9]+}})
// BOTH-NEXT:    {{^}}	{{jns|js}}
