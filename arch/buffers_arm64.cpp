// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: `__heapfence_check_buffers`; see arch.h.

// Arguments come in x0 to x7 and q0 to q7, and the place of a result in x8. By
// x16, a jump may go to what may only be called; so it does here.
__asm__(R"(
  .text
  .p2align 2
  .globl __heapfence_check_buffers
  .type __heapfence_check_buffers, %function
  .hidden heapfence_checkBuffers
__heapfence_check_buffers:
  .cfi_startproc
  hint #34
  hint #25
  .cfi_negate_ra_state
  stp x29, x30, [sp, #-224]!
  .cfi_def_cfa_offset 224
  .cfi_offset x29, -224
  .cfi_offset x30, -216
  mov x29, sp
  .cfi_def_cfa x29, 224
  stp x0, x1, [sp, #16]
  stp x2, x3, [sp, #32]
  stp x4, x5, [sp, #48]
  stp x6, x7, [sp, #64]
  stp x8, x15, [sp, #80]
  stp q0, q1, [sp, #96]
  stp q2, q3, [sp, #128]
  stp q4, q5, [sp, #160]
  stp q6, q7, [sp, #192]
  add x0, sp, #16
  mov x1, x16
  mov x2, x29
  bl heapfence_checkBuffers
  ldp x0, x1, [sp, #16]
  ldp x2, x3, [sp, #32]
  ldp x4, x5, [sp, #48]
  ldp x6, x7, [sp, #64]
  ldp x8, x16, [sp, #80]
  ldp q0, q1, [sp, #96]
  ldp q2, q3, [sp, #128]
  ldp q4, q5, [sp, #160]
  ldp q6, q7, [sp, #192]
  ldp x29, x30, [sp], #224
  .cfi_def_cfa sp, 0
  .cfi_restore x29
  .cfi_restore x30
  hint #29
  .cfi_negate_ra_state
  br x16
  .cfi_endproc
  .size __heapfence_check_buffers, . - __heapfence_check_buffers
)");
