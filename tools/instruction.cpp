// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Disassembles one instruction, behind its prefixes.

#include "instruction.h"

#include "disassembler.h"

#include <algorithm>

namespace heapfence {

Access accessOf(const arch::CoreCpu &Cpu, const std::vector<uint8_t> &Code,
                const arch::ThreadStatus &At, uint64_t Address) {
  const Disassembler D(Cpu.Triple, Cpu.Features);
  llvm::ArrayRef<uint8_t> Rest = Code;
  while (auto I = D.read(Rest, At.Frame.Pc)) {
    if (!Cpu.isPrefix(I->Name.c_str()))
      return Cpu.accessOf({I->Name.c_str(), I->Loads, I->Stores}, At, Address);
    Rest = Rest.drop_front(std::min<size_t>(I->Size, Rest.size()));
  }
  return Access::Unknown;
}

} // namespace heapfence
