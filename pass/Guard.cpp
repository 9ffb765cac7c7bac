// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the guard of one heap call.

#include "Guard.h"
#include "llvm/IR/Constants.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace heapfence {

/// The `ret` that ends a call in tail position, or null. Any other use of the
/// result or instruction in between makes it an ordinary call.
static ReturnInst *returnAfter(CallBase &Call) {
  if (isa<InvokeInst>(Call))
    return nullptr;
  Instruction *Next = Call.getNextNode();
  while (Next && Next->isDebugOrPseudoInst())
    Next = Next->getNextNode();
  auto *Ret = dyn_cast_or_null<ReturnInst>(Next);
  if (!Ret)
    return nullptr;
  return Ret->getReturnValue() == &Call && Call.hasOneUse() ? Ret : nullptr;
}

/// A call (or invoke, to the same destinations) of `Helper` in place of `Call`,
/// with the site in front of its arguments. Not inserted in the control flow of
/// `Call`: an invoke's normal destination is `Normal`.
static CallBase *callHelper(IRBuilder<> &B, const HeapCall &Call,
                            Function *Helper, Value *Record,
                            BasicBlock *Normal) {
  CallBase &Original = *Call.Call;
  LLVMContext &C = B.getContext();
  SmallVector<Value *, 4> Args = {Record};
  Args.append(Original.arg_begin(), Original.arg_end());
  if (Call.isIndirect())
    Args.push_back(Original.getCalledOperand());
  CallBase *New;
  if (auto *I = dyn_cast<InvokeInst>(&Original))
    New = B.CreateInvoke(Helper, Normal, I->getUnwindDest(), Args);
  else
    New = B.CreateCall(Helper, Args);
  New->setCallingConv(Helper->getCallingConv());
  AttributeList Old = Original.getAttributes();
  AttrBuilder Function(C);
  if (Original.doesNotThrow())
    Function.addAttribute(Attribute::NoUnwind);
  SmallVector<AttributeSet, 4> Parameters = {
      AttributeSet::get(C, {Attribute::get(C, Attribute::Nest)})};
  for (unsigned I = 0; I != Original.arg_size(); ++I)
    Parameters.push_back(Old.getParamAttrs(I));
  New->setAttributes(AttributeList::get(C, AttributeSet::get(C, Function),
                                        Old.getRetAttrs(), Parameters));
  return New;
}

namespace {
/// What becomes of the block of a guarded call: `Orig` begins with the call,
/// `Join` goes on after it.
struct Split {
  BasicBlock *Orig;
  BasicBlock *Join; ///< null if `Orig` returns.
};
} // namespace

/// Splits the block of `Call` before it and, unless `Ret` follows, after it.
static Split splitAround(CallBase &Call, ReturnInst *Ret) {
  LLVMContext &C = Call.getContext();
  Function *F = Call.getFunction();
  BasicBlock *Head = Call.getParent();
  // Out of the entry block, an alloca would no longer be static.
  if (Head->isEntryBlock())
    for (Instruction &I : make_early_inc_range(
             make_range(std::next(Call.getIterator()), Head->end())))
      if (auto *A = dyn_cast<AllocaInst>(&I); A && A->isStaticAlloca())
        A->moveBefore(*Head, Call.getIterator());
  BasicBlock *Tail =
      SplitBlock(Head, &Call, static_cast<DominatorTree *>(nullptr), nullptr,
                 nullptr, "hf.orig");
  if (Ret)
    return {Tail, nullptr};
  if (auto *I = dyn_cast<InvokeInst>(&Call)) {
    BasicBlock *Normal = I->getNormalDest();
    BasicBlock *Join = BasicBlock::Create(C, "hf.join", F, Normal);
    BranchInst::Create(Normal, Join)->setDebugLoc(Call.getDebugLoc());
    Normal->replacePhiUsesWith(Tail, Join);
    I->setNormalDest(Join);
    return {Tail, Join};
  }
  // By moving the call: what debug information says of the values after it
  // stays with the code that follows.
  Tail->setName("hf.join");
  BasicBlock *Orig = BasicBlock::Create(C, "hf.orig", F, Tail);
  Call.moveBefore(*Orig, Orig->end());
  BranchInst::Create(Tail, Orig)->setDebugLoc(Call.getDebugLoc());
  return {Orig, Tail};
}

/// Ends the slow side: goes on in `Join` with its result in place of the
/// original's, or returns it.
static void rejoin(IRBuilder<> &B, CallBase &Original, CallBase *Result,
                   ReturnInst *Ret, BasicBlock *Join) {
  if (Ret) {
    // A real call, so that the caller's frame is there for the runtime.
    cast<CallInst>(Result)->setTailCallKind(CallInst::TCK_NoTail);
    B.SetCurrentDebugLocation(Ret->getDebugLoc());
    B.CreateRet(Result);
    return;
  }
  if (auto *I = dyn_cast<InvokeInst>(Result))
    for (PHINode &P : I->getUnwindDest()->phis())
      P.addIncoming(P.getIncomingValueForBlock(Original.getParent()),
                    Result->getParent());
  else
    B.CreateBr(Join);
  if (Original.use_empty())
    return;
  PHINode *Phi = PHINode::Create(Original.getType(), 2, "hf.result");
  IRBuilder<>(Join, Join->begin()).Insert(Phi, "hf.result");
  Phi->setDebugLoc(Original.getDebugLoc());
  Original.replaceAllUsesWith(Phi);
  Phi->addIncoming(&Original, Original.getParent());
  Phi->addIncoming(Result, Result->getParent());
}

void GuardEmitter::emit(const HeapCall &Call, const SiteRef &Site) {
  CallBase &Original = *Call.Call;
  BasicBlock *Head = Original.getParent();
  ReturnInst *Ret = returnAfter(Original);
  auto [Orig, Join] = splitAround(Original, Ret);
  Head->getTerminator()->eraseFromParent();
  BasicBlock *Slow = BasicBlock::Create(M.getContext(), "hf.slow",
                                        Original.getFunction(), Orig);
  if (IsStatic)
    Tests.emitStatic(Call, Site.Record, Head, Slow, Orig);
  else
    Tests.emit(Call, Site.Weight, Head, Slow, Orig);

  IRBuilder<> B(Slow);
  B.SetCurrentDebugLocation(Original.getDebugLoc());
  CallBase *Result =
      callHelper(B, Call, Helpers.slowHelper(Call), Site.Record, Join);
  rejoin(B, Original, Result, Ret, Join);
  exempt(Original);
}

bool GuardEmitter::canBeCold(const HeapCall &Call) const {
  auto *I = dyn_cast<CallInst>(Call.Call);
  return !IsStatic && !(I && I->isMustTailCall()) &&
         !Call.Call->hasOperandBundles();
}

void GuardEmitter::emitCold(const HeapCall &Call, const SiteRef &Site) {
  CallBase &Original = *Call.Call;
  auto *I = dyn_cast<InvokeInst>(&Original);
  IRBuilder<> B(&Original);
  CallBase *New = callHelper(B, Call, Helpers.coldHelper(Call), Site.Record,
                             I ? I->getNormalDest() : nullptr);
  // In tail position the caller's frame would be gone.
  if (auto *Plain = dyn_cast<CallInst>(New))
    Plain->setTailCallKind(CallInst::TCK_NoTail);
  New->takeName(&Original);
  Original.replaceAllUsesWith(New);
  Original.eraseFromParent();
}

} // namespace heapfence
