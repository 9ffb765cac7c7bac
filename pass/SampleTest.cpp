// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The instructions of a guard's tests, and the cells they read.

#include "SampleTest.h"
#include "StaticBranch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace heapfence {

/// The slow side is taken about once in this many executions.
static constexpr uint32_t FastWeight = (1u << 20) - 1;

SampleTest::SampleTest(Module &M, bool IsFar)
    : M(M), Remaining(M, IsFar), Window(windowCell(M, WindowSymbol)) {}

GlobalVariable *windowCell(Module &M, StringRef Name) {
  if (GlobalVariable *Known = M.getNamedGlobal(Name))
    return Known;
  Type *I64 = Type::getInt64Ty(M.getContext());
  auto *G = new GlobalVariable(M, I64, false, GlobalValue::LinkOnceODRLinkage,
                               ConstantInt::get(I64, NoWindow), Name);
  G->setVisibility(GlobalValue::HiddenVisibility);
  G->setDSOLocal(true);
  G->setComdat(M.getOrInsertComdat(Name));
  G->setAlignment(Align(8));
  return G;
}

/// True if one of `Addresses` has not the bit that no guarded object's has set.
static Value *emitOutsideTest(IRBuilder<> &B, ArrayRef<Value *> Addresses) {
  Value *All = Addresses[0];
  for (Value *Address : Addresses.drop_front())
    All = B.CreateAnd(All, Address);
  Value *Bit = B.CreateAnd(All, uint64_t(1) << X86OutsideBit, "hf.outside");
  return B.CreateICmpEQ(Bit, B.getInt64(0));
}

/// What the window cell is compared with. Where pointers may have tags, these
/// are masked out: on arm64 by the instruction that shifts, for nothing.
static Value *emitWindowOf(IRBuilder<> &B, const Triple &Target,
                           Value *Address) {
  Value *High = B.CreateLShr(Address, WindowLog2, "hf.high");
  if (!Target.isAArch64())
    return High;
  constexpr uint64_t Mask =
      (uint64_t(1) << (Arm64AddressBits - WindowLog2)) - 1;
  return B.CreateAnd(High, Mask, "hf.untagged");
}

void emitWindowTest(IRBuilder<> &B, GlobalVariable *Cell,
                    ArrayRef<Value *> Pointers, BasicBlock *Inside,
                    BasicBlock *Outside, bool InShort) {
  LLVMContext &C = B.getContext();
  SmallVector<Value *, 2> Addresses;
  for (Value *P : Pointers)
    Addresses.push_back(B.CreatePtrToInt(P, B.getInt64Ty()));
  Function *F = Inside->getParent();
  const Triple Target(F->getParent()->getTargetTriple());
  if (!InShort && Target.isX86()) {
    auto *Perhaps = BasicBlock::Create(C, "hf.perhaps", F, Inside);
    B.CreateCondBr(emitOutsideTest(B, Addresses), Perhaps, Outside,
                   unlikely(C));
    B.SetInsertPoint(Perhaps);
  }
  // Written before the first guarded object exists: no ordering is needed.
  Value *W = B.CreateAlignedLoad(B.getInt64Ty(), Cell, Align(8), "hf.window");
  Value *Any = nullptr;
  for (Value *Address : Addresses) {
    Value *One =
        B.CreateICmpEQ(emitWindowOf(B, Target, Address), W, "hf.guarded");
    Any = Any ? B.CreateOr(Any, One) : One;
  }
  B.CreateCondBr(Any, Inside, Outside, unlikely(C));
}

/// Subtracts the site's weight from the thread's countdown.
Value *SampleTest::countdownTest(IRBuilder<> &B, Value *Weight) {
  // The runtime rewrites weights while other threads read them: atomic, of the
  // weakest kind, which is a plain load on every target.
  Type *I32 = B.getInt32Ty();
  LoadInst *W = B.CreateAlignedLoad(I32, Weight, Align(4), "hf.weight");
  W->setAtomic(AtomicOrdering::Monotonic);
  return B.CreateICmpSLT(Remaining.subtract(B, W), ConstantInt::get(I32, 0),
                         "hf.sampled");
}

MDNode *unlikely(LLVMContext &C) {
  return MDBuilder(C).createBranchWeights(1, FastWeight);
}

/// Where the guard of `Call` goes on when the site is not sampled: to `Orig`,
/// or to a block that tests the old pointer of a realloc first.
BasicBlock *SampleTest::emitReallocTest(const HeapCall &Call, BasicBlock *Slow,
                                        BasicBlock *Orig) {
  if (Call.Form != Shape::Realloc && Call.Form != Shape::ReallocArray)
    return Orig;
  LLVMContext &C = M.getContext();
  auto *Test = BasicBlock::Create(C, "hf.window", Slow->getParent(), Slow);
  IRBuilder<> B(Test);
  B.SetCurrentDebugLocation(Call.Call->getDebugLoc());
  emitWindowTest(B, Window, Call.Call->getArgOperand(0), Slow, Orig);
  return Test;
}

void SampleTest::emit(const HeapCall &Call, Value *Weight, BasicBlock *Head,
                      BasicBlock *Slow, BasicBlock *Orig) {
  IRBuilder<> B(Head);
  B.SetCurrentDebugLocation(Call.Call->getDebugLoc());
  B.CreateCondBr(countdownTest(B, Weight), Slow,
                 emitReallocTest(Call, Slow, Orig), unlikely(M.getContext()));
}

void SampleTest::emitStatic(const HeapCall &Call, Constant *Record,
                            BasicBlock *Head, BasicBlock *Slow,
                            BasicBlock *Orig) {
  IRBuilder<> B(Head);
  B.SetCurrentDebugLocation(Call.Call->getDebugLoc());
  emitStaticBranch(B, Record, Slow, emitReallocTest(Call, Slow, Orig));
}

} // namespace heapfence
