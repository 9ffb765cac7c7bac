// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The slow-path entries' symbols on x86-64: calling convention preserve_most.
//
// Stack after the prologue, from rbp down:
//   rbp+8  return address   \ the CallerFrame that the C++ side gets as its
//   rbp    caller's rbp     / fifth argument
//   below  rdi rsi rdx rcx r8 r9 r10, one word of padding (rsp is 16-aligned)
// r11 and rax are not kept: the convention leaves them to the callee.

	.macro entry symbol, implementation
	.globl	\symbol
	.type	\symbol, @function
	.p2align 4
\symbol:
	.cfi_startproc
	endbr64
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	pushq	%r9
	pushq	%r10
	subq	$8, %rsp
	movq	%rbp, %r8
	callq	\implementation
	addq	$8, %rsp
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rbp
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	retq
	.cfi_endproc
	.size	\symbol, . - \symbol
	.hidden	\implementation
	.endm

	.text
	entry __heapfence_malloc, heapfence_slow_malloc
	entry __heapfence_calloc, heapfence_slow_calloc
	entry __heapfence_memalign, heapfence_slow_memalign
	entry __heapfence_posix_memalign, heapfence_slow_posix_memalign
	entry __heapfence_realloc, heapfence_slow_realloc
	entry __heapfence_reallocarray, heapfence_slow_reallocarray
	entry __heapfence_strdup, heapfence_slow_strdup
	entry __heapfence_strndup, heapfence_slow_strndup
	entry __heapfence_free, heapfence_slow_free

	.section .note.GNU-stack,"",@progbits
