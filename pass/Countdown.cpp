// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The thread's countdown.

#include "Countdown.h"
#include "Helper.h"
#include "heapfence/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Support/ModRef.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace heapfence {

/// Initialized variables come first, those of the first object file in front.
static constexpr char NearSection[] = ".tdata";

static bool isNear(const GlobalVariable &Variable) {
  return Variable.getSection() == NearSection;
}

Countdown::Countdown(Module &M, bool IsFar)
    : M(M), IsFar(IsFar), I32(Type::getInt32Ty(M.getContext())) {}

/// Not made before it is needed: static branches need none.
GlobalVariable *Countdown::variable() {
  GlobalVariable *Known = M.getNamedGlobal(CountdownSymbol);
  return Known ? Known : create();
}

/// Code that can only go into an executable defines the countdown itself (the
/// linker keeps one), so that it is at a constant offset from the thread
/// pointer: one instruction less at each site. Other code refers to it.
GlobalVariable *Countdown::create() {
  bool IsExecutable = M.getPICLevel() == PICLevel::NotPIC ||
                      M.getPIELevel() != PIELevel::Default;
  auto *G =
      new GlobalVariable(M, I32, false,
                         IsExecutable ? GlobalValue::LinkOnceODRLinkage
                                      : GlobalValue::ExternalLinkage,
                         IsExecutable ? ConstantInt::get(I32, 0) : nullptr,
                         CountdownSymbol, nullptr,
                         IsExecutable ? GlobalValue::LocalExecTLSModel
                                      : GlobalValue::InitialExecTLSModel);
  G->setAlignment(Align(4));
  if (!IsExecutable)
    return G;
  G->setComdat(M.getOrInsertComdat(CountdownSymbol));
  G->setDSOLocal(true);
  if (Triple(M.getTargetTriple()).isAArch64() && !IsFar)
    G->setSection(NearSection);
  return G;
}

/// Inline assembly that touches nothing that the program can know of.
static CallInst *emitAssembly(IRBuilder<> &B, Type *Result, const char *Text,
                              const char *Constraints,
                              ArrayRef<Value *> Operands) {
  SmallVector<Type *, 2> Types;
  for (Value *Operand : Operands)
    Types.push_back(Operand->getType());
  CallInst *Call =
      B.CreateCall(InlineAsm::get(FunctionType::get(Result, Types, false), Text,
                                  Constraints, /*hasSideEffects=*/true),
                   Operands);
  Call->setDoesNotThrow();
  Call->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
  return Call;
}

/// Has the link fail if the variable is not near: once in a linked module, and
/// whatever the linker removes. The addend leaves the immediate, which counts
/// pages, no room for another page.
void Countdown::checkNear() {
  constexpr char Name[] = "__heapfence_countdown_is_near";
  if (M.getFunction(Name))
    return;
  LLVMContext &C = M.getContext();
  auto *F = Function::createWithDefaultAttr(
      FunctionType::get(Type::getVoidTy(C), false),
      GlobalValue::LinkOnceODRLinkage, 0, Name, &M);
  placeAsHelper(*F);
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  emitAssembly(B, B.getVoidTy(), "add x16, x16, :tprel_hi12:${0:c} + 0xfff000",
               "S,~{x16}", {variable()});
  B.CreateRetVoid();
  appendToUsed(M, F);
}

Value *Countdown::subtractNear(IRBuilder<> &B, Value *Weight) {
  checkNear();
  return emitAssembly(B, I32,
                      "mrs x16, TPIDR_EL0\n\t"
                      "ldr ${0:w}, [x16, :tprel_lo12_nc:${2:c}]\n\t"
                      "sub ${0:w}, ${0:w}, ${1:w}\n\t"
                      "str ${0:w}, [x16, :tprel_lo12_nc:${2:c}]",
                      "=&r,r,S,~{x16}", {Weight, variable()});
}

Value *Countdown::subtract(IRBuilder<> &B, Value *Weight) {
  if (isNear(*variable()))
    return subtractNear(B, Weight);
  Value *Cell = B.CreateThreadLocalAddress(variable());
  Value *Old = B.CreateAlignedLoad(I32, Cell, Align(4), "hf.old");
  Value *New = B.CreateSub(Old, Weight, "hf.countdown");
  B.CreateAlignedStore(New, Cell, Align(4));
  return New;
}

} // namespace heapfence
