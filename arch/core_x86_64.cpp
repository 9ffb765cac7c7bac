// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64: registers in core files, and what instructions do to memory.

#include "core.h"

#include <elf.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/user.h>

namespace heapfence {
namespace arch {

uint16_t elfMachine() { return EM_X86_64; }

uint64_t ThreadStatus::valueOf(const char *Name) const {
  for (unsigned I = 0; I != Count; ++I)
    if (!strcmp(General[I].Name, Name))
      return General[I].Value;
  return 0;
}

bool readStatus(const uint8_t *Note, size_t Size, ThreadStatus &Result) {
  elf_prstatus Status;
  user_regs_struct R;
  static_assert(sizeof(R) == sizeof(Status.pr_reg));
  if (Size < sizeof(Status))
    return false;
  memcpy(&Status, Note, sizeof(Status));
  memcpy(&R, &Status.pr_reg, sizeof(R));
  Result = {Status.pr_cursig,
            Status.pr_pid,
            {R.rip, R.rsp, R.rbp, 0},
            R.fs_base,
            {{"rax", R.rax},
             {"rbx", R.rbx},
             {"rcx", R.rcx},
             {"rdx", R.rdx},
             {"rsi", R.rsi},
             {"rdi", R.rdi},
             {"rbp", R.rbp},
             {"rsp", R.rsp},
             {"r8", R.r8},
             {"r9", R.r9},
             {"r10", R.r10},
             {"r11", R.r11},
             {"r12", R.r12},
             {"r13", R.r13},
             {"r14", R.r14},
             {"r15", R.r15}},
            16};
  return true;
}

static bool startsWith(const char *Text, const char *Prefix) {
  return !strncmp(Text, Prefix, strlen(Prefix));
}

Access accessOf(const InstructionFacts &I, const ThreadStatus &At,
                uint64_t Address) {
  if (Address == At.Frame.Pc)
    return Access::Execute;
  if (!I.Stores)
    return I.Loads ? Access::Read : Access::Unknown;
  if (!I.Loads)
    return Access::Write;
  // Both. A string move goes on from where the registers point; what else
  // stores to the stack faults, if elsewhere, by the load. The rest changes
  // memory in place, which the CPU tells as a write.
  constexpr uint64_t MostMoved = 64;
  if (startsWith(I.Name, "MOVS") || startsWith(I.Name, "REP_MOVS"))
    return Address - At.valueOf("rdi") < MostMoved ? Access::Write
                                                   : Access::Read;
  if (startsWith(I.Name, "PUSH") || startsWith(I.Name, "CALL") ||
      startsWith(I.Name, "FARCALL"))
    return At.Frame.Sp - Address <= MostMoved ? Access::Write : Access::Read;
  return Access::Write;
}

} // namespace arch
} // namespace heapfence
