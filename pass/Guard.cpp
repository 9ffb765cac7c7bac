// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the guard of one heap call.

#include "Guard.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace heapfence {

/// Marks the original call of a guard, or an exempted one, so that a later run
/// of the pass, in this module or after link-time inlining, leaves it alone.
static constexpr char GuardedAttribute[] = "heapfence-guarded";

/// The slow side is taken about once in this many executions.
static constexpr uint32_t FastWeight = (1u << 20) - 1;

GuardEmitter::GuardEmitter(Module &M) : M(M) {
  LLVMContext &C = M.getContext();
  I32 = Type::getInt32Ty(C);
  I64 = Type::getInt64Ty(C);
  Ptr = PointerType::get(C, 0);
  Countdown = M.getNamedGlobal(CountdownSymbol);
  if (!Countdown)
    Countdown = createCountdown();
  Window = M.getNamedGlobal(WindowSymbol);
  if (!Window)
    Window = createWindow();
}

/// Code that can only go into an executable defines the countdown itself (the
/// linker keeps one), so that it is at a constant offset from the thread
/// pointer: one instruction less at each site. Other code refers to it.
GlobalVariable *GuardEmitter::createCountdown() {
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
  if (IsExecutable) {
    G->setComdat(M.getOrInsertComdat(CountdownSymbol));
    G->setDSOLocal(true);
  }
  return G;
}

GlobalVariable *GuardEmitter::createWindow() {
  auto *G = new GlobalVariable(M, I64, false, GlobalValue::LinkOnceODRLinkage,
                               ConstantInt::get(I64, NoWindow), WindowSymbol);
  G->setVisibility(GlobalValue::HiddenVisibility);
  G->setDSOLocal(true);
  G->setComdat(M.getOrInsertComdat(WindowSymbol));
  G->setAlignment(Align(8));
  return G;
}

bool GuardEmitter::isGuarded(const CallBase &Call) {
  return Call.hasFnAttr(GuardedAttribute);
}

void GuardEmitter::exempt(CallBase &Call) {
  Call.addFnAttr(Attribute::get(Call.getContext(), GuardedAttribute));
}

/// Subtracts the site's weight from the thread's countdown.
Value *GuardEmitter::countdownTest(IRBuilder<> &B, Value *Weight) {
  // The runtime rewrites weights while other threads read them: atomic, of the
  // weakest kind, which is a plain load on every target.
  LoadInst *W = B.CreateAlignedLoad(I32, Weight, Align(4), "hf.weight");
  W->setAtomic(AtomicOrdering::Monotonic);
  Value *Cell = B.CreateThreadLocalAddress(Countdown);
  Value *Old = B.CreateAlignedLoad(I32, Cell, Align(4), "hf.old");
  Value *New = B.CreateSub(Old, W, "hf.countdown");
  B.CreateAlignedStore(New, Cell, Align(4));
  return B.CreateICmpSLT(New, ConstantInt::get(I32, 0), "hf.sampled");
}

/// True if `Pointer` lies in the window of guarded objects.
Value *GuardEmitter::windowTest(IRBuilder<> &B, Value *Pointer) {
  Value *Address = B.CreatePtrToInt(Pointer, I64);
  Value *High = B.CreateLShr(Address, WindowLog2, "hf.high");
  // Written before the first guarded object exists: no ordering is needed.
  Value *W = B.CreateAlignedLoad(I64, Window, Align(8), "hf.window");
  return B.CreateICmpEQ(High, W, "hf.guarded");
}

/// The entry of the runtime that answers for `Call`, with its arguments.
CallInst *GuardEmitter::callRuntime(IRBuilder<> &B, const HeapCall &Call,
                                    Value *Record) {
  auto Arg = [&](unsigned I) { return Call.Call->getArgOperand(I); };
  StringRef Name;
  Type *Result = Ptr;
  SmallVector<Value *, 4> Args;
  switch (Call.Form) {
  case Shape::Malloc:
    Name = entry::Malloc, Args = {Arg(0)};
    break;
  case Shape::Calloc:
    Name = entry::Calloc, Args = {Arg(0), Arg(1)};
    break;
  case Shape::Memalign:
    Name = entry::Memalign, Args = {Arg(0), Arg(1)};
    break;
  case Shape::AlignedNew:
    Name = entry::Memalign, Args = {Arg(1), Arg(0)};
    break;
  case Shape::PosixMemalign:
    Name = entry::PosixMemalign, Args = {Arg(0), Arg(1), Arg(2)};
    Result = I32;
    break;
  case Shape::Realloc:
    Name = entry::Realloc, Args = {Arg(0), Arg(1)};
    break;
  case Shape::ReallocArray:
    Name = entry::ReallocArray, Args = {Arg(0), Arg(1), Arg(2)};
    break;
  case Shape::Strdup:
    Name = entry::Strdup, Args = {Arg(0)};
    break;
  case Shape::Strndup:
    Name = entry::Strndup, Args = {Arg(0), Arg(1)};
    break;
  default:
    llvm_unreachable("deallocations have no guard");
  }
  Args.push_back(Record);
  SmallVector<Type *, 4> Types;
  for (Value *A : Args)
    Types.push_back(A->getType());
  auto *Entry = cast<Function>(
      M.getOrInsertFunction(Name, FunctionType::get(Result, Types, false))
          .getCallee());
  Entry->addFnAttr(Attribute::NoUnwind);
  Entry->addFnAttr(Attribute::Cold);
  CallInst *Answer = B.CreateCall(Entry, Args);
  // Not a jump: the helper's frame record must be there.
  Answer->setTailCallKind(CallInst::TCK_NoTail);
  return Answer;
}

/// True if the runtime left the call to the original function.
Value *GuardEmitter::isRefused(IRBuilder<> &B, const HeapCall &Call,
                               CallInst *Result) {
  switch (Call.Form) {
  case Shape::PosixMemalign:
    return B.CreateICmpNE(Result, ConstantInt::get(I32, 0));
  case Shape::Realloc:
  case Shape::ReallocArray:
    return B.CreateICmpEQ(B.CreatePtrToInt(Result, I64),
                          ConstantInt::get(I64, uintptr_t(NotHandled)));
  default:
    return B.CreateICmpEQ(Result, Constant::getNullValue(Ptr));
  }
}

/// A function like the callee of `Call` with the site in front; no body yet.
Function *GuardEmitter::createHelper(const std::string &Name,
                                     const HeapCall &Call) {
  FunctionType *T = Call.Call->getFunctionType();
  SmallVector<Type *, 4> Types = {Ptr};
  Types.append(T->param_begin(), T->param_end());
  auto *F = Function::createWithDefaultAttr(
      FunctionType::get(T->getReturnType(), Types, false),
      GlobalValue::LinkOnceODRLinkage, 0, Name, &M);
  F->setVisibility(GlobalValue::HiddenVisibility);
  F->setDSOLocal(true);
  F->setComdat(M.getOrInsertComdat(Name));
  F->setSection(HelpersSection);
  F->setUWTableKind(UWTableKind::Default);
  F->addFnAttr(Attribute::NoInline);
  F->addFnAttr(Attribute::OptimizeForSize);
  F->addParamAttr(0, Attribute::Nest);
  for (unsigned I = 0; I != T->getNumParams(); ++I)
    if (T->getParamType(I)->isIntegerTy(8)) // A hot/cold hint.
      F->addParamAttr(I + 1, Attribute::ZExt);
  return F;
}

/// Emits a call of `Call`'s function with the arguments that `Helper` got.
static CallInst *callOriginal(IRBuilder<> &B, const HeapCall &Call,
                              Function *Helper) {
  SmallVector<Value *, 4> Args;
  for (Argument &A : drop_begin(Helper->args()))
    Args.push_back(&A);
  CallInst *Original = B.CreateCall(Call.Call->getFunctionType(),
                                    Call.Call->getCalledOperand(), Args);
  for (unsigned I = 0; I != Args.size(); ++I)
    if (Helper->hasParamAttribute(I + 1, Attribute::ZExt))
      Original->addParamAttr(I, Attribute::ZExt);
  GuardEmitter::exempt(*Original);
  return Original;
}

Function *GuardEmitter::slowHelper(const HeapCall &Call) {
  LLVMContext &C = M.getContext();
  std::string Name =
      (SlowPrefix + Call.Call->getCalledOperand()->getName()).str();
  if (Function *Known = M.getFunction(Name))
    return Known;
  Function *F = createHelper(Name, Call);
  F->addFnAttr(Attribute::Cold);
  F->addFnAttr("frame-pointer", "all");
  BasicBlock *Orig = BasicBlock::Create(C, "orig", F);
  IRBuilder<> B(Orig);
  CallInst *Original = callOriginal(B, Call, F);
  B.CreateRet(Original);

  B.SetInsertPoint(BasicBlock::Create(C, "entry", F, Orig));
  HeapCall Inner{Original, Call.Callee, Call.Form};
  CallInst *Result = callRuntime(B, Inner, F->getArg(0));
  BasicBlock *Done = BasicBlock::Create(C, "done", F);
  B.CreateCondBr(isRefused(B, Inner, Result), Orig, Done);
  B.SetInsertPoint(Done);
  B.CreateRet(Result);
  return F;
}

/// The address of the weight cell that a site record refers to.
static Value *weightOf(IRBuilder<> &B, Value *Record) {
  Value *Field = B.CreateConstInBoundsGEP1_32(B.getInt8Ty(), Record,
                                              offsetof(Site, Weight));
  Value *Offset = B.CreateAlignedLoad(B.getInt32Ty(), Field, Align(4));
  // Not by a GEP: it leaves the record, which is a constant, for another
  // object.
  Value *Address = B.CreateAdd(B.CreatePtrToInt(Field, B.getInt64Ty()),
                               B.CreateSExt(Offset, B.getInt64Ty()));
  return B.CreateIntToPtr(Address, Field->getType());
}

Function *GuardEmitter::coldHelper(const HeapCall &Call) {
  LLVMContext &C = M.getContext();
  std::string Name =
      (ColdPrefix + Call.Call->getCalledOperand()->getName()).str();
  if (Function *Known = M.getFunction(Name))
    return Known;
  Function *SlowHelper = slowHelper(Call);
  Function *F = createHelper(Name, Call);
  F->addFnAttr("frame-pointer", "none"); // It only jumps.
  BasicBlock *Entry = BasicBlock::Create(C, "entry", F);
  BasicBlock *Slow = BasicBlock::Create(C, "slow", F);
  BasicBlock *Orig = BasicBlock::Create(C, "orig", F);

  IRBuilder<> B(Orig);
  CallInst *Original = callOriginal(B, Call, F);
  Original->setTailCall();
  B.CreateRet(Original);

  // A jump, whatever the optimization level: the frame record of slow.f must
  // be next to the site's frame.
  B.SetInsertPoint(Slow);
  SmallVector<Value *, 4> Args;
  for (Argument &A : F->args())
    Args.push_back(&A);
  CallInst *ToSlow = B.CreateCall(SlowHelper, Args);
  ToSlow->setTailCallKind(CallInst::TCK_MustTail);
  ToSlow->setAttributes(SlowHelper->getAttributes());
  ToSlow->removeFnAttr(Attribute::NoInline);
  B.CreateRet(ToSlow);

  B.SetInsertPoint(Entry);
  emitTests({Original, Call.Callee, Call.Form}, weightOf(B, F->getArg(0)),
            Entry, Slow, Orig);
  return F;
}

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
  CallBase *New;
  if (auto *I = dyn_cast<InvokeInst>(&Original))
    New = B.CreateInvoke(Helper, Normal, I->getUnwindDest(), Args);
  else
    New = B.CreateCall(Helper, Args);
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

/// Ends `Head` with the tests of `Call`: to `Slow` if one holds, else to
/// `Orig`.
void GuardEmitter::emitTests(const HeapCall &Call, Value *Weight,
                             BasicBlock *Head, BasicBlock *Slow,
                             BasicBlock *Orig) {
  MDNode *Unlikely =
      MDBuilder(M.getContext()).createBranchWeights(1, FastWeight);
  IRBuilder<> B(Head);
  B.SetCurrentDebugLocation(Call.Call->getDebugLoc());
  bool TestsBoth =
      Call.Form == Shape::Realloc || Call.Form == Shape::ReallocArray;
  BasicBlock *Next = TestsBoth ? BasicBlock::Create(M.getContext(), "hf.window",
                                                    Head->getParent(), Slow)
                               : Orig;
  B.CreateCondBr(countdownTest(B, Weight), Slow, Next, Unlikely);
  if (!TestsBoth)
    return;
  B.SetInsertPoint(Next);
  B.CreateCondBr(windowTest(B, Call.Call->getArgOperand(0)), Slow, Orig,
                 Unlikely);
}

void GuardEmitter::emit(const HeapCall &Call, const SiteRef &Site) {
  CallBase &Original = *Call.Call;
  BasicBlock *Head = Original.getParent();
  ReturnInst *Ret = returnAfter(Original);
  auto [Orig, Join] = splitAround(Original, Ret);
  Head->getTerminator()->eraseFromParent();
  BasicBlock *Slow = BasicBlock::Create(M.getContext(), "hf.slow",
                                        Original.getFunction(), Orig);
  emitTests(Call, Site.Weight, Head, Slow, Orig);

  IRBuilder<> B(Slow);
  B.SetCurrentDebugLocation(Original.getDebugLoc());
  CallBase *Result = callHelper(B, Call, slowHelper(Call), Site.Record, Join);
  rejoin(B, Original, Result, Ret, Join);
  exempt(Original);
}

bool GuardEmitter::canBeCold(const HeapCall &Call) {
  auto *I = dyn_cast<CallInst>(Call.Call);
  return !(I && I->isMustTailCall()) && !Call.Call->hasOperandBundles();
}

void GuardEmitter::emitCold(const HeapCall &Call, const SiteRef &Site) {
  CallBase &Original = *Call.Call;
  auto *I = dyn_cast<InvokeInst>(&Original);
  IRBuilder<> B(&Original);
  CallBase *New = callHelper(B, Call, coldHelper(Call), Site.Record,
                             I ? I->getNormalDest() : nullptr);
  // In tail position the caller's frame would be gone.
  if (auto *Plain = dyn_cast<CallInst>(New))
    Plain->setTailCallKind(CallInst::TCK_NoTail);
  New->takeName(&Original);
  Original.replaceAllUsesWith(New);
  Original.eraseFromParent();
}

} // namespace heapfence
