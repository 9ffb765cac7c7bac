// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64: registers and page-fault error code from the signal context.

#include "arch.h"

#include <ucontext.h>

// Variadic functions get numbers in xmm0 to xmm7, and how many in al.
__asm__(R"(
  .text
  .globl __heapfence_check_buffers
  .type __heapfence_check_buffers, @function
  .hidden heapfence_checkBuffers
__heapfence_check_buffers:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $192, %rsp
  movq %rdi, (%rsp)
  movq %rsi, 8(%rsp)
  movq %rdx, 16(%rsp)
  movq %rcx, 24(%rsp)
  movq %r8, 32(%rsp)
  movq %r9, 40(%rsp)
  movq %rax, 48(%rsp)
  movq %r11, 56(%rsp)
  movaps %xmm0, 64(%rsp)
  movaps %xmm1, 80(%rsp)
  movaps %xmm2, 96(%rsp)
  movaps %xmm3, 112(%rsp)
  movaps %xmm4, 128(%rsp)
  movaps %xmm5, 144(%rsp)
  movaps %xmm6, 160(%rsp)
  movaps %xmm7, 176(%rsp)
  movq %rsp, %rdi
  movq %r10, %rsi
  movq %rbp, %rdx
  call heapfence_checkBuffers
  movq (%rsp), %rdi
  movq 8(%rsp), %rsi
  movq 16(%rsp), %rdx
  movq 24(%rsp), %rcx
  movq 32(%rsp), %r8
  movq 40(%rsp), %r9
  movq 48(%rsp), %rax
  movq 56(%rsp), %r11
  movaps 64(%rsp), %xmm0
  movaps 80(%rsp), %xmm1
  movaps 96(%rsp), %xmm2
  movaps 112(%rsp), %xmm3
  movaps 128(%rsp), %xmm4
  movaps 144(%rsp), %xmm5
  movaps 160(%rsp), %xmm6
  movaps 176(%rsp), %xmm7
  leave
  .cfi_def_cfa %rsp, 8
  jmp *%r11
  .cfi_endproc
  .size __heapfence_check_buffers, . - __heapfence_check_buffers
)");

namespace heapfence {
namespace arch {

namespace {

// Intel SDM vol. 3, "Interrupt 14": bits of the page-fault error code.
constexpr uint64_t ErrorIsWrite = 1 << 1;
constexpr uint64_t ErrorIsFetch = 1 << 4;
constexpr uint64_t TrapPageFault = 14;

uint64_t registerOf(const void *Context, int Index) {
  const auto *U = static_cast<const ucontext_t *>(Context);
  return static_cast<uint64_t>(U->uc_mcontext.gregs[Index]);
}

} // namespace

FrameRegisters registersOf(const void *Context) {
  return {registerOf(Context, REG_RIP), registerOf(Context, REG_RSP),
          registerOf(Context, REG_RBP), 0};
}

FrameRegisters registersOf(const CallerFrame &Frame) {
  // The frame record is the last thing that the call pushed.
  return {Frame.Pc, reinterpret_cast<uintptr_t>(&Frame + 1), Frame.Fp, 0};
}

Access accessOf(const void *Context) {
  if (registerOf(Context, REG_TRAPNO) != TrapPageFault)
    return Access::Unknown;
  uint64_t Error = registerOf(Context, REG_ERR);
  if (Error & ErrorIsFetch)
    return Access::Execute;
  return Error & ErrorIsWrite ? Access::Write : Access::Read;
}

uintptr_t stripTag(uintptr_t Address) { return Address; }

uint64_t withBranch(uint64_t Word, uintptr_t At, uintptr_t Slow, bool IsOpen) {
  constexpr unsigned Length = 5;
  constexpr uint64_t Nop = 0x0000441f0f, Jump = 0xe9, Mask = 0xffffffffff;
  uint64_t Distance = static_cast<uint32_t>(Slow - (At + Length));
  uint64_t Bytes = IsOpen ? Jump | Distance << 8 : Nop;
  unsigned Shift = At % sizeof(Word) * 8;
  return (Word & ~(Mask << Shift)) | Bytes << Shift;
}

uint64_t cycles() { return __builtin_ia32_rdtsc(); }

} // namespace arch
} // namespace heapfence
