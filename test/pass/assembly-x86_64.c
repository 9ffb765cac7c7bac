// If this fails, the fast path costs more than is promised: 3 instructions at an
// allocation site (4 in position-independent libraries), none at a free site, and where
// code is position independent one less for the call itself.
// RUN: %clang -O2 -fno-pic -S %s -o - | %check %s --check-prefixes=BOTH,EXE
// RUN: %clang -O2 -fPIE -S %s -o - | %check %s --check-prefixes=BOTH,EXE,STUBLESS
// RUN: %clang -O2 -fPIC -S %s -o - | %check %s --check-prefixes=BOTH,PIC,STUBLESS
#include <stdlib.h>
void *allocate(size_t n) { return malloc(n); }
// BOTH-LABEL: {{^}}allocate:
// EXE:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// EXE-NEXT:     {{^}}	subl	%[[W]], %fs:__heapfence_countdown@TPOFF
// PIC:          {{^}}	movl	.L__heapfence_weights{{.*}}(%rip), %[[W:e[a-z]+]]
// PIC-NEXT:     {{^}}	movq	__heapfence_countdown@GOTTPOFF(%rip), %[[T:r[a-z]+]]
// PIC-NEXT:     {{^}}	subl	%[[W]], %fs:(%[[T]])
// BOTH-NEXT:    {{^}}	{{jns	malloc|js	}}
// STUBLESS:     {{^}}	jmpq	*malloc@GOTPCREL(%rip)
// Only the jump became a call; the table of return addresses is data.
void release(void *p) { free(p); }
// BOTH-LABEL: {{^}}release:
// BOTH:         {{^}}	pushq	%rax
// BOTH-NOT:     {{^}}	{{[a-z]}}
// BOTH:         {{^}}	callq	free{{(@PLT)?$}}
// BOTH-NEXT:    {{^}}	#APP
// BOTH-NEXT:    {{^}}.Lheapfence_return[[N:[0-9]+]]:
// BOTH-NEXT:    {{^}}	.section	heapfence_returns,"ao",@progbits,.Lheapfence_return[[N]]
// BOTH:         {{^}}	.long	.Lheapfence_return[[N]]-
// BOTH:         {{^}}	.long	.L__heapfence_sites{{.*}}-
// BOTH-NEXT:    {{^}}	.text
// BOTH:         {{^}}	#NO_APP
// BOTH-NEXT:    {{^}}	popq	%rax
// BOTH:         {{^}}	retq
