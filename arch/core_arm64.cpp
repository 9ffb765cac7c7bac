// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: registers in core files, and what instructions do to memory.

#include "core.h"

#include <elf.h>

namespace heapfence {
namespace arch {

namespace {

/// Linux's user_pt_regs.
struct Registers {
  uint64_t General[31], Sp, Pc, State;
};

/// Where Linux's ucontext_t has the registers, behind the address at fault.
constexpr size_t RegistersInContext = 184;

FrameRegisters framesOf(const Registers &R) {
  return {R.Pc, R.Sp, R.General[29], R.General[30]};
}

// The thread pointer has a note of its own, NT_ARM_TLS.
bool readArm64Status(const uint8_t *Note, size_t Size, ThreadStatus &Result) {
  static constexpr const char *Names[] = {
      "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
      "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
      "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
      "x24", "x25", "x26", "x27", "x28", "x29", "x30"};
  constexpr unsigned Count = sizeof(Names) / sizeof(Names[0]);
  static_assert(Count < ThreadStatus::MaxRegisters);
  StatusHead Head;
  Registers R;
  if (!readStatus(Note, Size, Head, R))
    return false;
  Result = {};
  Result.Signal = Head.Signal;
  Result.Tid = Head.Pid;
  Result.Frame = framesOf(R);
  for (unsigned I = 0; I != Count; ++I)
    Result.General[Result.Count++] = {Names[I], R.General[I]};
  Result.General[Result.Count++] = {"sp", R.Sp};
  return true;
}

FrameRegisters registersOfContext(const void *Context) {
  Registers R;
  memcpy(&R, static_cast<const char *>(Context) + RegistersInContext,
         sizeof(R));
  return framesOf(R);
}

bool isArm64Prefix(const char *) { return false; }

Access accessOfArm64(const InstructionFacts &I, const ThreadStatus &At,
                     uint64_t Address) {
  if (Address == At.Frame.Pc)
    return Access::Execute;
  if (I.Stores)
    return Access::Write;
  return I.Loads ? Access::Read : Access::Unknown;
}

} // namespace

const CoreCpu Arm64 = {EM_AARCH64,    "aarch64-linux-gnu", "+all",
                       Arm64Frames,   readArm64Status,     registersOfContext,
                       isArm64Prefix, accessOfArm64};

} // namespace arch
} // namespace heapfence
