// If this fails, the fast path costs more than is promised: 3 instructions at an
// allocation site (4 in position-independent libraries), 4 at a free site.
// RUN: %clang -O2 -fno-pic -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %clang -O2 -fPIE -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %clang -O2 -fPIC -S %s -o - | %check %s --check-prefixes=BOTH,PIC
#include <stdlib.h>
void *allocate(size_t n) { return malloc(n); }
// BOTH-LABEL: {{^}}allocate:
// EXE:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// EXE-NEXT:     {{^}}	subl	%[[W]], %fs:__heapfence_countdown@TPOFF
// PIC:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// PIC-NEXT:     {{^}}	movq	__heapfence_countdown@GOTTPOFF(%rip), %[[T:r[a-z]+]]
// PIC-NEXT:     {{^}}	subl	%[[W]], %fs:(%[[T]])
// BOTH-NEXT:    {{^}}	{{jns	malloc|js	}}
void release(void *p) { free(p); }
// BOTH-LABEL: {{^}}release:
// BOTH:         {{^}}	movq	%rdi, %rax
// BOTH-NEXT:    {{^}}	shrq	$30, %rax
// BOTH-NEXT:    {{^}}	cmpq	__heapfence_window(%rip), %rax
// BOTH-NEXT:    {{^}}	{{jne	free|je	}}
