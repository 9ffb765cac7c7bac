// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Disassembles one instruction, behind its prefixes.

#include "instruction.h"

#include "disassembler.h"

#include <algorithm>

using namespace llvm;

namespace heapfence {

/// Removes from `Code` the prefixes that LLVM takes for instructions.
/// Returns: the instruction behind; none if there is none.
static std::optional<Disassembler::Instruction>
readBehindPrefixes(const Disassembler &D, const arch::CoreCpu &Cpu,
                   ArrayRef<uint8_t> &Code, uint64_t Pc) {
  while (auto I = D.read(Code, Pc)) {
    if (!Cpu.isPrefix(I->Name.c_str()))
      return I;
    Code = Code.drop_front(std::min<size_t>(I->Size, Code.size()));
  }
  return std::nullopt;
}

Access accessOf(const arch::CoreCpu &Cpu, ArrayRef<uint8_t> Code,
                const arch::ThreadStatus &At, uint64_t Address) {
  const Disassembler D(Cpu.Triple, Cpu.Features);
  auto I = readBehindPrefixes(D, Cpu, Code, At.Frame.Pc);
  if (!I)
    return Access::Unknown;
  return Cpu.accessOf({I->Name.c_str(), I->Loads, I->Stores}, At, Address);
}

std::optional<arch::MemoryOperand> operandAt(const arch::CoreCpu &Cpu,
                                             ArrayRef<uint8_t> Code,
                                             const arch::ThreadStatus *At,
                                             uint64_t Address) {
  const Disassembler D(Cpu.Triple, Cpu.Features);
  const uint64_t Pc = At ? At->Frame.Pc : 0;
  const uint8_t *Begin = Code.data();
  auto I = readBehindPrefixes(D, Cpu, Code, Pc);
  if (!I)
    return std::nullopt;
  const std::string Text = D.text(Code, Pc);
  const uint64_t Next = Pc + uint64_t(Code.data() - Begin) + I->Size;
  std::optional<arch::MemoryOperand> Result;
  for (const arch::MemoryOperand &O :
       Cpu.operandsOf({Text, Code.data(), Next, At})) {
    if (At && O.Begin) {
      if (Address - *O.Begin < O.Size)
        return O;
      continue;
    }
    // Of several, if they are of one size.
    if (!O.Size || (Result && Result->Size != O.Size))
      return std::nullopt;
    Result = O;
    Result->Begin.reset();
  }
  return Result;
}

} // namespace heapfence
