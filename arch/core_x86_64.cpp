// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// x86-64: registers in core files, and what instructions do to memory.

#include "core.h"

#include <algorithm>
#include <elf.h>
#include <utility>

namespace heapfence {
namespace arch {

namespace {

/// Linux's user_regs_struct.
struct Registers {
  uint64_t R15, R14, R13, R12, Rbp, Rbx, R11, R10, R9, R8, Rax, Rcx, Rdx, Rsi,
      Rdi, SystemCall, Rip, Cs, Flags, Rsp, Ss, FsBase, GsBase, Ds, Es, Fs, Gs;
};

bool readX86Status(const uint8_t *Note, size_t Size, ThreadStatus &Result) {
  StatusHead Head;
  Registers R;
  if (!readStatus(Note, Size, Head, R))
    return false;
  Result = {Head.Signal,
            Head.Pid,
            {R.Rip, R.Rsp, R.Rbp, 0},
            R.FsBase,
            {{"rax", R.Rax},
             {"rbx", R.Rbx},
             {"rcx", R.Rcx},
             {"rdx", R.Rdx},
             {"rsi", R.Rsi},
             {"rdi", R.Rdi},
             {"rbp", R.Rbp},
             {"rsp", R.Rsp},
             {"r8", R.R8},
             {"r9", R.R9},
             {"r10", R.R10},
             {"r11", R.R11},
             {"r12", R.R12},
             {"r13", R.R13},
             {"r14", R.R14},
             {"r15", R.R15}},
            16};
  return true;
}

/// Linux's ucontext_t has the registers in the order r8 to r15, rdi, rsi, rbp,
/// rbx, rdx, rax, rcx, rsp, rip.
FrameRegisters registersOfContext(const void *Context) {
  constexpr size_t RegistersInContext = 40;
  constexpr unsigned Rbp = 10, Rsp = 15, Rip = 16;
  uint64_t R[Rip + 1];
  memcpy(R, static_cast<const char *>(Context) + RegistersInContext, sizeof(R));
  return {R[Rip], R[Rsp], R[Rbp], 0};
}

bool startsWith(const char *Text, const char *Prefix) {
  return !strncmp(Text, Prefix, strlen(Prefix));
}

bool isX86Prefix(const char *Name) {
  return strstr(Name, "_PREFIX") != nullptr;
}

/// String instructions, of which LLVM does not say what they do. They go on
/// from where the registers point.
Access accessOfString(const char *Name, const ThreadStatus &At,
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

Access accessOfX86(const InstructionFacts &I, const ThreadStatus &At,
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

/// The size that is written before the bracket which `Before` ends at, and its
/// segment: "dword ptr fs:".
unsigned sizeWritten(std::string_view Before) {
  constexpr std::pair<std::string_view, unsigned> Names[] = {
      {"xmmword ptr ", 16}, {"ymmword ptr ", 32}, {"zmmword ptr ", 64},
      {"tbyte ptr ", 10},   {"qword ptr ", 8},    {"fword ptr ", 6},
      {"dword ptr ", 4},    {"word ptr ", 2},     {"byte ptr ", 1}};
  if (Before.ends_with(':'))
    Before.remove_suffix(3);
  for (auto [Name, Size] : Names)
    if (Before.ends_with(Name))
      return Size;
  return 0;
}

/// Of "rax + 4*rcx - 8".
std::optional<uint64_t> sumOf(std::string_view Text,
                              const WrittenInstruction &I) {
  uint64_t Sum = 0;
  for (bool IsMinus = false; !Text.empty();) {
    size_t End = std::min(Text.find(' '), Text.size());
    std::string_view Term = Text.substr(0, End);
    size_t Star = Term.find('*');
    std::optional<uint64_t> Factor = 1, Value;
    if (Star != Term.npos) {
      Factor = valueOf(Term.substr(0, Star), nullptr);
      Term.remove_prefix(Star + 1);
    }
    Value = Term == "rip" && I.At ? I.Next : valueOf(Term, I.At);
    if (!Factor || !Value)
      return std::nullopt;
    Sum += *Factor * (IsMinus ? -*Value : *Value);
    IsMinus = Text.substr(End).starts_with(" - ");
    Text.remove_prefix(std::min(End + 3, Text.size()));
  }
  return Sum;
}

// What the stack pointer alone tells, as of push, is left out.
std::vector<MemoryOperand> operandsOfX86(const WrittenInstruction &I) {
  constexpr unsigned SmallestVector = 16;
  const bool IsMasked =
      I.Text.find("{k") != I.Text.npos || I.Text.find("maskmov") != I.Text.npos;
  std::vector<MemoryOperand> Result;
  for (size_t Open = 0; (Open = I.Text.find('[', Open)) != I.Text.npos;
       ++Open) {
    const std::string_view Before = I.Text.substr(0, Open),
                           Inside = I.Text.substr(Open + 1);
    MemoryOperand O;
    O.Size = sizeWritten(Before);
    O.IsMost = IsMasked && O.Size >= SmallestVector;
    if (!Before.ends_with("gs:"))
      O.Begin = sumOf(Inside.substr(0, Inside.find(']')), I);
    if (O.Begin && I.At && Before.ends_with("fs:"))
      *O.Begin += I.At->ThreadPointer;
    Result.push_back(O);
  }
  return Result;
}

} // namespace

const CoreCpu X86_64 = {EM_X86_64,    "x86_64-linux-gnu", "",
                        X86_64Frames, readX86Status,      registersOfContext,
                        isX86Prefix,  accessOfX86,        operandsOfX86};

} // namespace arch
} // namespace heapfence
