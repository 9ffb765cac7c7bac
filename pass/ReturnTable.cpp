// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Labels return addresses.

#include "ReturnTable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace heapfence {

/// Where control is when `Call` has returned; null if that has no place.
static Instruction *afterReturn(CallBase &Call) {
  auto *Invoke = dyn_cast<InvokeInst>(&Call);
  if (!Invoke)
    return cast<CallInst>(Call).isMustTailCall() ? nullptr : Call.getNextNode();
  BasicBlock *Normal = Invoke->getNormalDest();
  if (!Normal->getSinglePredecessor())
    Normal = SplitEdge(Invoke->getParent(), Normal);
  return &*Normal->getFirstInsertionPt();
}

/// What the label claims to change: memory, and the registers that the call
/// before it left undefined anyway. So the compiler puts nothing between the
/// two (the arguments of the next call, say).
static std::string labelConstraints(const Module &M) {
  static constexpr const char *X86[] = {"rax", "rcx", "rdx", "rsi", "rdi",
                                        "r8",  "r9",  "r10", "r11", "flags"};
  static constexpr const char *Arm64[] = {
      "x0", "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",
      "x9", "x10", "x11", "x12", "x13", "x14", "x15", "nzcv"};
  std::string Result = "i,~{memory}";
  auto Add = [&](ArrayRef<const char *> Registers) {
    for (const char *R : Registers)
      Result += std::string(",~{") + R + "}";
  };
  if (Triple(M.getTargetTriple()).isX86())
    Add(X86);
  else
    Add(Arm64);
  return Result;
}

void recordReturn(const HeapCall &Call, Constant *Record) {
  Instruction *Next = afterReturn(*Call.Call);
  if (!Next)
    return;
  // A jump would return to the caller's caller.
  if (auto *Plain = dyn_cast<CallInst>(Call.Call))
    Plain->setTailCallKind(CallInst::TCK_NoTail);
  const std::string Section = ReturnsSection;
  const std::string Text = ".Lheapfence_return${:uid}:\n"
                           "\t.pushsection " +
                           Section +
                           ",\"ao?\",@progbits,.Lheapfence_return${:uid}\n"
                           "\t.p2align 2\n"
                           "\t.long .Lheapfence_return${:uid}-.\n"
                           "\t.long ${0:c}-.\n"
                           "\t.popsection";
  IRBuilder<> B(Next);
  B.SetCurrentDebugLocation(Call.Call->getDebugLoc());
  auto *Type = FunctionType::get(B.getVoidTy(), {Record->getType()}, false);
  auto *Asm = InlineAsm::get(Type, Text, labelConstraints(*Next->getModule()),
                             /*hasSideEffects=*/true);
  B.CreateCall(Asm, {Record})->setDoesNotThrow();
}

} // namespace heapfence
