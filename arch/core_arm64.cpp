// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: registers in core files, and what instructions do to memory.

#include "core.h"

#include <elf.h>
#include <sys/procfs.h>
#include <sys/user.h>

namespace heapfence {
namespace arch {

uint16_t elfMachine() { return EM_AARCH64; }

bool readStatus(const uint8_t *Note, size_t Size, ThreadStatus &Result) {
  static constexpr const char *Names[] = {
      "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
      "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
      "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
      "x24", "x25", "x26", "x27", "x28", "x29", "x30"};
  constexpr unsigned Count = sizeof(Names) / sizeof(Names[0]);
  elf_prstatus Status;
  user_regs_struct R;
  static_assert(sizeof(R) == sizeof(Status.pr_reg) &&
                Count < ThreadStatus::MaxRegisters);
  if (Size < sizeof(Status))
    return false;
  memcpy(&Status, Note, sizeof(Status));
  memcpy(&R, &Status.pr_reg, sizeof(R));
  Result = {};
  Result.Signal = Status.pr_cursig;
  Result.Tid = Status.pr_pid;
  Result.Frame = {R.pc, R.sp, R.regs[29], R.regs[30]};
  // The thread pointer has a note of its own, NT_ARM_TLS.
  for (unsigned I = 0; I != Count; ++I)
    Result.General[Result.Count++] = {Names[I], R.regs[I]};
  Result.General[Result.Count++] = {"sp", R.sp};
  return true;
}

bool isPrefix(const char *) { return false; }

Access accessOf(const InstructionFacts &I, const ThreadStatus &At,
                uint64_t Address) {
  if (Address == At.Frame.Pc)
    return Access::Execute;
  if (I.Stores)
    return Access::Write;
  return I.Loads ? Access::Read : Access::Unknown;
}

} // namespace arch
} // namespace heapfence
