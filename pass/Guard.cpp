// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the guard of one heap call.

#include "Guard.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace heapfence {

/// Marks the original call of a guard, so that a second run of the pass, in
/// this module or after link-time inlining, leaves it alone.
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
  auto *G = new GlobalVariable(
      M, I32, false,
      IsExecutable ? GlobalValue::LinkOnceODRLinkage
                   : GlobalValue::ExternalLinkage,
      IsExecutable ? ConstantInt::get(I32, 0) : nullptr, CountdownSymbol,
      nullptr,
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

/// Subtracts the site's weight from the thread's countdown.
Value *GuardEmitter::countdownTest(IRBuilder<> &B, Constant *Weight) {
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

Function *GuardEmitter::entry(StringRef Name, FunctionType *T) {
  auto *F = cast<Function>(M.getOrInsertFunction(Name, T).getCallee());
  F->setCallingConv(CallingConv::PreserveMost);
  F->addFnAttr(Attribute::NoUnwind);
  F->addFnAttr(Attribute::Cold);
  if (T->getReturnType()->isIntegerTy(1))
    F->addRetAttr(Attribute::ZExt);
  return F;
}

CallInst *GuardEmitter::slowCall(IRBuilder<> &B, const HeapCall &Call,
                                 Constant *Record) {
  auto Arg = [&](unsigned I) { return Call.Call->getArgOperand(I); };
  Constant *NoSize = ConstantInt::get(I64, ~uint64_t(0));
  Constant *NoAlign = ConstantInt::get(I64, 0);
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
  case Shape::Free:
    Name = entry::Free, Args = {Arg(0), NoSize, NoAlign};
    break;
  case Shape::FreeSized:
    Name = entry::Free, Args = {Arg(0), Arg(1), NoAlign};
    break;
  case Shape::FreeAligned:
    Name = entry::Free, Args = {Arg(0), NoSize, Arg(1)};
    break;
  case Shape::FreeAlignedSized:
    Name = entry::Free, Args = {Arg(0), Arg(2), Arg(1)};
    break;
  case Shape::FreeSizedAligned:
    Name = entry::Free, Args = {Arg(0), Arg(1), Arg(2)};
    break;
  }
  if (isDeallocation(Call.Form))
    Result = B.getInt1Ty();
  Args.push_back(Record);
  SmallVector<Type *, 4> Types;
  for (Value *A : Args)
    Types.push_back(A->getType());
  Function *Callee = entry(Name, FunctionType::get(Result, Types, false));
  CallInst *Slow = B.CreateCall(Callee, Args, Result->isPointerTy() ? "hf.p" : "");
  Slow->setCallingConv(CallingConv::PreserveMost);
  Slow->setAttributes(Callee->getAttributes());
  return Slow;
}

/// True if the runtime left the call to the original function.
Value *GuardEmitter::isRefused(IRBuilder<> &B, const HeapCall &Call,
                               CallInst *Slow) {
  if (isDeallocation(Call.Form))
    return B.CreateNot(Slow);
  switch (Call.Form) {
  case Shape::PosixMemalign:
    return B.CreateICmpNE(Slow, ConstantInt::get(I32, 0));
  case Shape::Realloc:
  case Shape::ReallocArray:
    return B.CreateICmpEQ(B.CreatePtrToInt(Slow, I64),
                          ConstantInt::get(I64, uintptr_t(NotHandled)));
  default:
    return B.CreateICmpEQ(Slow, Constant::getNullValue(Ptr));
  }
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
  Value *Returned = Ret->getReturnValue();
  bool IsResult = Call.getType()->isVoidTy() ? !Returned : Returned == &Call;
  return IsResult && Call.getNumUses() <= 1 ? Ret : nullptr;
}

namespace {

/// Gives the slow side a way back to the code after `Call`, whose block it
/// ends: with `Result` in place of the call's result.
class Rejoin {
public:
  explicit Rejoin(CallBase &Call) : Call(Call), Ret(returnAfter(Call)) {
    if (Ret)
      return;
    if (auto *I = dyn_cast<InvokeInst>(&Call)) {
      BasicBlock *Normal = I->getNormalDest();
      Join = BasicBlock::Create(Call.getContext(), "hf.join",
                                Call.getFunction(), Normal);
      BranchInst::Create(Normal, Join)->setDebugLoc(Call.getDebugLoc());
      Normal->replacePhiUsesWith(Call.getParent(), Join);
      I->setNormalDest(Join);
      return;
    }
    Join = SplitBlock(Call.getParent(), Call.getNextNode(),
                      static_cast<DominatorTree *>(nullptr), nullptr, nullptr,
                      "hf.join");
  }

  /// The block the slow side continues in when it has `Result` (null for a
  /// void call).
  BasicBlock *from(BasicBlock *Slow, Value *Result) {
    if (Ret) {
      BasicBlock *Return =
          BasicBlock::Create(Call.getContext(), "hf.ret", Call.getFunction());
      IRBuilder<> B(Return);
      B.SetCurrentDebugLocation(Ret->getDebugLoc());
      Result ? B.CreateRet(Result) : B.CreateRetVoid();
      return Return;
    }
    if (Result && !Call.use_empty()) {
      PHINode *Phi = PHINode::Create(Call.getType(), 2, "hf.result");
      IRBuilder<> B(Join, Join->begin());
      B.Insert(Phi);
      Phi->setDebugLoc(Call.getDebugLoc());
      Call.replaceAllUsesWith(Phi);
      Phi->addIncoming(&Call, Call.getParent());
      Phi->addIncoming(Result, Slow);
    }
    return Join;
  }

private:
  CallBase &Call;
  ReturnInst *Ret;
  BasicBlock *Join = nullptr;
};

} // namespace

void GuardEmitter::emit(const HeapCall &Call, const SiteRef &Site) {
  CallBase &Original = *Call.Call;
  MDNode *Unlikely =
      MDBuilder(M.getContext()).createBranchWeights(1, FastWeight);
  BasicBlock *Head = Original.getParent();
  BasicBlock *Orig = SplitBlock(Head, &Original,
                                static_cast<DominatorTree *>(nullptr), nullptr,
                                nullptr, "hf.orig");
  Rejoin After(Original);
  BasicBlock *Slow = BasicBlock::Create(M.getContext(), "hf.slow",
                                        Original.getFunction(), Orig);

  auto Test = [&](BasicBlock *Block, BasicBlock *Next, auto MakeCondition) {
    if (Instruction *Terminator = Block->getTerminator())
      Terminator->eraseFromParent();
    IRBuilder<> B(Block);
    B.SetCurrentDebugLocation(Original.getDebugLoc());
    B.CreateCondBr(MakeCondition(B), Slow, Next, Unlikely);
  };
  auto CountdownTest = [&](IRBuilder<> &B) {
    return countdownTest(B, Site.Weight);
  };
  auto WindowTest = [&](IRBuilder<> &B) {
    return windowTest(B, Original.getArgOperand(0));
  };
  if (isDeallocation(Call.Form)) {
    Test(Head, Orig, WindowTest);
  } else if (Call.Form == Shape::Realloc || Call.Form == Shape::ReallocArray) {
    BasicBlock *Second = BasicBlock::Create(M.getContext(), "hf.window",
                                            Original.getFunction(), Slow);
    Test(Head, Second, CountdownTest);
    Test(Second, Orig, WindowTest);
  } else {
    Test(Head, Orig, CountdownTest);
  }

  IRBuilder<> B(Slow);
  B.SetCurrentDebugLocation(Original.getDebugLoc());
  CallInst *Result = slowCall(B, Call, Site.Record);
  Value *Refused = isRefused(B, Call, Result);
  B.CreateCondBr(Refused, Orig,
                 After.from(Slow, isDeallocation(Call.Form) ? nullptr : Result),
                 Unlikely);
  Original.addFnAttr(Attribute::get(M.getContext(), GuardedAttribute));
}

} // namespace heapfence
