// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: registers in core files, and what instructions do to memory.

#include "arm64_instruction.h"
#include "core.h"

#include <algorithm>
#include <elf.h>
#include <string>

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

/// The next part of a list with commas.
std::string_view takePart(std::string_view &List) {
  const std::string_view Part = List.substr(0, List.find(','));
  List.remove_prefix(std::min(Part.size() + 2, List.size()));
  return Part;
}

/// An index of 32 bits is the lower half of a register.
std::optional<uint64_t> indexOf(std::string_view Name, bool IsSigned,
                                const ThreadStatus *At) {
  if (!Name.starts_with('w'))
    return valueOf(Name, At);
  const std::optional<uint64_t> Whole =
      valueOf('x' + std::string(Name.substr(1)), At);
  if (!Whole)
    return std::nullopt;
  return IsSigned ? uint64_t(int64_t(int32_t(*Whole))) : uint32_t(*Whole);
}

/// Of "x1, w2, sxtw #2".
std::optional<uint64_t> addressOf(std::string_view Inside,
                                  const ThreadStatus *At) {
  const std::optional<uint64_t> Base = valueOf(takePart(Inside), At);
  if (Inside.empty() || !Base)
    return Base;
  const std::string_view Name = takePart(Inside);
  const std::optional<uint64_t> Index =
      indexOf(Name, Inside.starts_with("sxtw"), At);
  std::optional<uint64_t> Shift = 0;
  if (const size_t Number = Inside.find('#'); Number != Inside.npos)
    Shift = valueOf(Inside.substr(Number), nullptr);
  // Else by the length of vectors.
  const bool IsKnown = Inside.empty() || Inside.starts_with("lsl") ||
                       Inside.starts_with("sxt") || Inside.starts_with("uxt");
  if (!IsKnown || !Index || !Shift)
    return std::nullopt;
  return *Base + (*Index << *Shift % 64);
}

std::vector<MemoryOperand> operandsOfArm64(const WrittenInstruction &I) {
  uint32_t Encoding;
  memcpy(&Encoding, I.Code, sizeof(Encoding));
  MemoryOperand O;
  O.Size = accessSizeOf(Encoding);
  if (!O.Size)
    return {};
  const size_t Open = I.Text.rfind('['); // Behind those of lanes.
  if (Open != I.Text.npos) {
    const std::string_view Inside = I.Text.substr(Open + 1);
    O.Begin = addressOf(Inside.substr(0, Inside.find(']')), I.At);
  }
  if (O.Begin)
    *O.Begin &= Arm64Frames.AddressBits;
  return {O};
}

} // namespace

const CoreCpu Arm64 = {EM_AARCH64,    "aarch64-linux-gnu", "+all",
                       Arm64Frames,   readArm64Status,     registersOfContext,
                       isArm64Prefix, accessOfArm64,       operandsOfArm64};

} // namespace arch
} // namespace heapfence
