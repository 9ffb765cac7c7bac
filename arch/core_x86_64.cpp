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

bool isPrefix(const char *Name) { return strstr(Name, "_PREFIX") != nullptr; }

/// String instructions, of which LLVM does not say what they do. They go on
/// from where the registers point.
static Access accessOfString(const char *Name, const ThreadStatus &At,
                             uint64_t Address) {
  constexpr uint64_t LargestElement = 8;
  if (startsWith(Name, "MOVS"))
    return Address - At.valueOf("rdi") < LargestElement ? Access::Write
                                                        : Access::Read;
  if (startsWith(Name, "STOS"))
    return Access::Write;
  bool IsRead = startsWith(Name, "LODS") || startsWith(Name, "SCAS") ||
                startsWith(Name, "CMPS");
  return IsRead ? Access::Read : Access::Unknown;
}

Access accessOf(const InstructionFacts &I, const ThreadStatus &At,
                uint64_t Address) {
  if (Address == At.Frame.Pc)
    return Access::Execute;
  if (!I.Loads && !I.Stores)
    return accessOfString(I.Name, At, Address);
  if (!I.Stores)
    return Access::Read;
  // What stores to the stack faults, if elsewhere, by the load. The rest of
  // those that do both changes memory in place: to the CPU a write.
  constexpr uint64_t MostPushed = 64;
  bool IsPush = startsWith(I.Name, "PUSH") || startsWith(I.Name, "CALL") ||
                startsWith(I.Name, "FARCALL");
  if (I.Loads && IsPush && At.Frame.Sp - Address > MostPushed)
    return Access::Read;
  return Access::Write;
}

} // namespace arch
} // namespace heapfence
