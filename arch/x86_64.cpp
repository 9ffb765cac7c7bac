// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64: registers and page-fault error code from the signal context.

#include "arch.h"

#include <errno.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

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

Access accessOf(const void *Context) {
  if (registerOf(Context, REG_TRAPNO) != TrapPageFault)
    return Access::Unknown;
  uint64_t Error = registerOf(Context, REG_ERR);
  if (Error & ErrorIsFetch)
    return Access::Execute;
  return Error & ErrorIsWrite ? Access::Write : Access::Read;
}

void generalRegisters(const void *Context,
                      uint64_t (&Values)[GeneralRegisterCount]) {
  static_assert(REG_R8 == 0 && REG_RSP == GeneralRegisterCount - 1);
  for (unsigned I = 0; I != GeneralRegisterCount; ++I)
    Values[I] = registerOf(Context, int(I));
}

// Asked for each time: a program may switch LAM on after we started, and
// without it hardly any pointer has such bits.
uintptr_t untagged(uintptr_t Pointer) {
  if (!(Pointer & X86TagBits))
    return Pointer;
  // Linux 6.4; not yet in the C library's headers.
  constexpr int GetUntagMask = 0x4001;
  uint64_t Mask = ~uint64_t(0);
  int SavedErrno = errno;
  syscall(SYS_arch_prctl, GetUntagMask, &Mask); // Fails where there is no LAM.
  errno = SavedErrno;
  return x86Untagged(Pointer, Mask);
}

BranchWord withBranch(BranchWord Word, uintptr_t At, uintptr_t Slow,
                      bool IsOpen) {
  constexpr unsigned Length = 5;
  constexpr uint64_t Nop = 0x0000441f0f, Jump = 0xe9, Mask = 0xffffffffff;
  uint64_t Distance = static_cast<uint32_t>(Slow - (At + Length));
  uint64_t Bytes = IsOpen ? Jump | Distance << 8 : Nop;
  unsigned Shift = At % sizeof(Word) * 8;
  return (Word & ~(Mask << Shift)) | Bytes << Shift;
}

// The caches of instructions see what is stored.
void publishBranch(uintptr_t) {}

uintptr_t threadPointer() {
  uintptr_t Result; // The thread's descriptor begins with its own address.
  __asm__("movq %%fs:0, %0" : "=r"(Result));
  return Result;
}

uint64_t cycles() { return __builtin_ia32_rdtsc(); }

uint64_t cyclesPerMs() { return 0; }

} // namespace arch
} // namespace heapfence
