// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Disassembles one instruction.

#include "instruction.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <algorithm>
#include <memory>

using namespace llvm;

namespace heapfence {

Access accessOf(const std::vector<uint8_t> &Code, const arch::ThreadStatus &At,
                uint64_t Address) {
  InitializeNativeTarget();
  InitializeNativeTargetDisassembler();
  // As text, which is deprecated: LLVM 16 knows nothing else.
  std::string Triple = sys::getDefaultTargetTriple(), Problem;
  const Target *T = TargetRegistry::lookupTarget(Triple, Problem);
  if (!T)
    return Access::Unknown;
  std::unique_ptr<MCRegisterInfo> Registers(T->createMCRegInfo(Triple));
  std::unique_ptr<MCAsmInfo> Assembly(
      T->createMCAsmInfo(*Registers, Triple, MCTargetOptions()));
  std::unique_ptr<MCSubtargetInfo> Subtarget(
      T->createMCSubtargetInfo(Triple, /*CPU=*/"", /*Features=*/""));
  std::unique_ptr<MCInstrInfo> Instructions(T->createMCInstrInfo());
  if (!Registers || !Assembly || !Subtarget || !Instructions)
    return Access::Unknown;
  MCContext Context(llvm::Triple(Triple), Assembly.get(), Registers.get(),
                    Subtarget.get());
  std::unique_ptr<MCDisassembler> D(
      T->createMCDisassembler(*Subtarget, Context));
  ArrayRef<uint8_t> Rest = Code;
  MCInst Instruction;
  std::string Name;
  do {
    uint64_t Size = 0;
    Instruction.clear();
    if (!D || Rest.empty() ||
        D->getInstruction(Instruction, Size, Rest, At.Frame.Pc, nulls()) !=
            MCDisassembler::Success)
      return Access::Unknown;
    Name = Instructions->getName(Instruction.getOpcode()).str();
    Rest = Rest.drop_front(std::min<size_t>(Size, Rest.size()));
  } while (arch::isPrefix(Name.c_str()));
  const MCInstrDesc &Description = Instructions->get(Instruction.getOpcode());
  return arch::accessOf(
      {Name.c_str(), Description.mayLoad(), Description.mayStore()}, At,
      Address);
}

} // namespace heapfence
