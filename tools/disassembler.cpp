// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Disassembles by the target's tables.

#include "disassembler.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace heapfence {

struct Disassembler::Parts {
  std::unique_ptr<MCRegisterInfo> Registers;
  std::unique_ptr<MCAsmInfo> Assembly;
  std::unique_ptr<MCSubtargetInfo> Subtarget;
  std::unique_ptr<MCInstrInfo> Instructions;
  std::unique_ptr<MCContext> Context;
  std::unique_ptr<MCDisassembler> Reader;
  std::unique_ptr<MCInstPrinter> Printer;

  /// Returns: false if `Code` does not begin with an instruction.
  bool decode(ArrayRef<uint8_t> Code, uint64_t Pc, MCInst &Inst,
              uint64_t &Size) const {
    return Reader && !Code.empty() &&
           Reader->getInstruction(Inst, Size, Code, Pc, nulls()) ==
               MCDisassembler::Success;
  }
};

// The triple as text, which is deprecated: LLVM 16 knows nothing else.
Disassembler::Disassembler(const std::string &Triple,
                           const std::string &Features)
    : P(new Parts) {
  // All: which there are is up to LLVM's build.
  InitializeAllTargetInfos();
  InitializeAllTargetMCs();
  InitializeAllDisassemblers();
  std::string Problem;
  const Target *T = TargetRegistry::lookupTarget(Triple, Problem);
  if (!T)
    return;
  P->Registers.reset(T->createMCRegInfo(Triple));
  P->Assembly.reset(
      T->createMCAsmInfo(*P->Registers, Triple, MCTargetOptions()));
  P->Subtarget.reset(T->createMCSubtargetInfo(Triple, /*CPU=*/"", Features));
  P->Instructions.reset(T->createMCInstrInfo());
  if (!P->Registers || !P->Assembly || !P->Subtarget || !P->Instructions)
    return;
  P->Context.reset(new MCContext(llvm::Triple(Triple), P->Assembly.get(),
                                 P->Registers.get(), P->Subtarget.get()));
  P->Reader.reset(T->createMCDisassembler(*P->Subtarget, *P->Context));
  constexpr unsigned Intel = 1;
  const llvm::Triple Cpu(Triple);
  P->Printer.reset(T->createMCInstPrinter(Cpu, Cpu.isX86() ? Intel : 0,
                                          *P->Assembly, *P->Instructions,
                                          *P->Registers));
}

Disassembler::~Disassembler() = default;

Disassembler::operator bool() const { return P->Reader != nullptr; }

std::optional<Disassembler::Instruction>
Disassembler::read(ArrayRef<uint8_t> Code, uint64_t Pc) const {
  MCInst Inst;
  uint64_t Size = 0;
  if (!P->decode(Code, Pc, Inst, Size))
    return std::nullopt;
  const MCInstrDesc &D = P->Instructions->get(Inst.getOpcode());
  return Instruction{P->Instructions->getName(Inst.getOpcode()).str(),
                     D.mayLoad(), D.mayStore(), Size};
}

std::string Disassembler::text(ArrayRef<uint8_t> Code, uint64_t Pc) const {
  MCInst Inst;
  uint64_t Size = 0;
  std::string Result;
  if (!P->Printer || !P->decode(Code, Pc, Inst, Size))
    return Result;
  raw_string_ostream OS(Result);
  P->Printer->printInst(&Inst, Pc, /*Annot=*/"", *P->Subtarget, OS);
  OS.flush();
  return Result;
}

} // namespace heapfence
