// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: registers from the signal context; how memory was accessed from the
// syndrome that the kernel tells, or from the instruction.

#include "arch.h"
#include "arm64_instruction.h"

#include <string.h>
#include <ucontext.h>

namespace heapfence {
namespace arch {

namespace {

const mcontext_t &machine(const void *Context) {
  return static_cast<const ucontext_t *>(Context)->uc_mcontext;
}

// Linux, Documentation/arch/arm64: the records behind the registers, each with
// its kind and size in front.
struct RecordHead {
  uint32_t Magic, Size;
};
constexpr uint32_t EsrMagic = 0x45535201;

// Arm ARM, ESR_EL1: the class of the exception, and of a data abort, whether it
// was a write; of cache maintenance too, which only reads.
constexpr unsigned EsrClassShift = 26;
constexpr uint64_t FetchAbort = 0x20, DataAbort = 0x24;
constexpr uint64_t EsrIsWrite = 1 << 6, EsrIsMaintenance = 1 << 8;

/// The syndrome of the fault; 0 if the kernel does not tell (qemu-user).
uint64_t syndrome(const mcontext_t &M) {
  const auto *At = reinterpret_cast<const unsigned char *>(M.__reserved);
  size_t Left = sizeof(M.__reserved);
  for (RecordHead Head; Left >= sizeof(Head) + sizeof(uint64_t);) {
    memcpy(&Head, At, sizeof(Head));
    if (Head.Magic == 0 || Head.Size < sizeof(Head) || Head.Size > Left)
      return 0;
    if (Head.Magic == EsrMagic) {
      uint64_t Esr;
      memcpy(&Esr, At + sizeof(Head), sizeof(Esr));
      return Esr;
    }
    At += Head.Size;
    Left -= Head.Size;
  }
  return 0;
}

MemoryUse useAt(uintptr_t Pc) {
  return memoryUseOf(*reinterpret_cast<const volatile uint32_t *>(Pc));
}

} // namespace

FrameRegisters registersOf(const void *Context) {
  const mcontext_t &M = machine(Context);
  return {stripTag(M.pc), M.sp, M.regs[29], M.regs[30]};
}

Access accessOf(const void *Context) {
  const mcontext_t &M = machine(Context);
  const uint64_t Esr = syndrome(M), Class = Esr >> EsrClassShift & 0x3f;
  if (Class == FetchAbort || stripTag(M.fault_address) == stripTag(M.pc))
    return Access::Execute;
  if (Class == DataAbort && (Esr & EsrIsWrite) && !(Esr & EsrIsMaintenance))
    return Access::Write;
  const MemoryUse Use = useAt(stripTag(M.pc));
  if (Class == DataAbort) {
    // What changes memory in place counts as a read where a read alone would
    // have faulted.
    return Use.Loads && Use.Stores && !Use.IsCopy ? Access::Write
                                                  : Access::Read;
  }
  if (Use.Stores)
    return Use.IsCopy ? Access::Unknown : Access::Write;
  return Use.Loads ? Access::Read : Access::Unknown;
}

void generalRegisters(const void *Context,
                      uint64_t (&Values)[GeneralRegisterCount]) {
  const mcontext_t &M = machine(Context);
  for (unsigned I = 0; I != GeneralRegisterCount; ++I)
    Values[I] = M.regs[I];
}

uintptr_t untagged(uintptr_t Pointer) { return arm64Untagged(Pointer); }

BranchWord withBranch(BranchWord, uintptr_t At, uintptr_t Slow, bool IsOpen) {
  constexpr BranchWord Nop = 0xd503201f, Branch = 0x14000000;
  constexpr intptr_t Reach = intptr_t(1) << 27;
  const auto Distance = static_cast<intptr_t>(Slow - At);
  if (!IsOpen || Distance < -Reach || Distance >= Reach)
    return Nop;
  return Branch | (static_cast<BranchWord>(Distance / 4) & ((1u << 26) - 1));
}

// Arm ARM, B2: what concurrent modification of a branch or a nop takes. An
// instruction lies in one line of each cache.
void publishBranch(uintptr_t At) {
  __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb"
                   :
                   : "r"(At)
                   : "memory");
}

uintptr_t threadPointer() {
  return reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
}

uint64_t cycles() {
  uint64_t Result;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(Result));
  return Result;
}

uint64_t cyclesPerMs() {
  uint64_t Hertz;
  __asm__("mrs %0, cntfrq_el0" : "=r"(Hertz));
  return Hertz / 1000;
}

} // namespace arch
} // namespace heapfence
