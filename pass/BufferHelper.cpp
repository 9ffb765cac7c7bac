// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bodies of the helpers for calls with buffers.

#include "BufferHelper.h"
#include "Helper.h"
#include "SampleTest.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace heapfence {

BufferHelperEmitter::BufferHelperEmitter(Module &M) : M(M) {}

Function *BufferHelperEmitter::create(const std::string &Name,
                                      const BufferFunction &F) {
  auto *Helper = Function::createWithDefaultAttr(
      F.type(M.getContext()), GlobalValue::InternalLinkage, 0, Name, &M);
  placeAsHelper(*Helper);
  Helper->addFnAttr(Attribute::OptimizeForSize);
  return Helper;
}

/// Ends a helper: goes on to `Target` as if the helper had not been there.
static void jumpTo(IRBuilder<> &B, Function *Helper, FunctionCallee Target) {
  SmallVector<Value *, 6> Args;
  for (Argument &A : Helper->args())
    Args.push_back(&A);
  CallInst *Jump = B.CreateCall(Target, Args);
  Jump->setTailCallKind(CallInst::TCK_MustTail);
  if (Helper->getReturnType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(Jump);
}

Value *BufferHelperEmitter::isAnyGuarded(IRBuilder<> &B, Function *Helper,
                                         const BufferFunction &F) {
  GlobalVariable *Cell = windowCell(M, BufferWindowSymbol);
  Value *Any = nullptr;
  for (const Buffer &Which : F.Buffers) {
    // What these refer to, only the runtime knows.
    if (Which.Form == BufferForm::IoVec || Which.Form == BufferForm::MsgHdr)
      return B.getTrue();
    Value *One = emitWindowTest(B, Cell, Helper->getArg(Which.Argument));
    Any = Any ? B.CreateOr(Any, One) : One;
  }
  return Any;
}

Function *BufferHelperEmitter::checkHelper(const BufferFunction &F) {
  std::string Name = (CheckPrefix + F.Symbol).str();
  if (Function *Known = M.getFunction(Name))
    return Known;
  Function *Slow = slowHelper(F);
  Function *Helper = create(Name, F);
  Helper->addFnAttr("frame-pointer", "none"); // It only jumps.
  LLVMContext &C = M.getContext();
  IRBuilder<> B(BasicBlock::Create(C, "entry", Helper));
  BasicBlock *ToSlow = BasicBlock::Create(C, "guarded", Helper);
  BasicBlock *ToOriginal = BasicBlock::Create(C, "plain", Helper);
  B.CreateCondBr(isAnyGuarded(B, Helper, F), ToSlow, ToOriginal, unlikely(C));
  B.SetInsertPoint(ToSlow);
  jumpTo(B, Helper, Slow);
  B.SetInsertPoint(ToOriginal);
  jumpTo(B, Helper, M.getOrInsertFunction(F.Symbol, F.type(C)));
  return Helper;
}

Function *BufferHelperEmitter::slowHelper(const BufferFunction &F) {
  Function *Helper = create((CheckSlowPrefix + F.Symbol).str(), F);
  Helper->addFnAttr(Attribute::Cold);
  Helper->addFnAttr("frame-pointer", "all");
  IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", Helper));
  StringRef Name = F.Symbol;
  if (Name.consume_front("__"))
    Name.consume_back("_chk");
  Constant *Text = B.CreateGlobalString(Name, "__heapfence_string", 0, &M);
  for (const Buffer &Which : F.Buffers)
    callRuntime(B, Helper, Which, Text);
  jumpTo(B, Helper, M.getOrInsertFunction(F.Symbol, F.type(M.getContext())));
  return Helper;
}

/// The record of a buffer, see `BufferArgument`.
GlobalVariable *BufferHelperEmitter::describe(const Buffer &Which,
                                              Constant *Name) {
  LLVMContext &C = M.getContext();
  Type *I8 = Type::getInt8Ty(C), *I32 = Type::getInt32Ty(C),
       *I64 = Type::getInt64Ty(C);
  auto *T = StructType::get(C, {I32, I8, I8, I8, I8});
  auto *G = new GlobalVariable(M, T, true, GlobalValue::PrivateLinkage,
                               Constant::getNullValue(T), "__heapfence_buffer");
  G->setAlignment(Align(4));
  Constant *Distance = ConstantExpr::getSub(
      ConstantExpr::getPtrToInt(Name, I64), ConstantExpr::getPtrToInt(G, I64));
  G->setInitializer(ConstantStruct::get(
      T, {ConstantExpr::getTrunc(Distance, I32),
          ConstantInt::get(I8, Which.Argument + 1),
          ConstantInt::get(I8, Which.IsWritten),
          ConstantInt::get(I8, uint8_t(Which.Form)), ConstantInt::get(I8, 0)}));
  return G;
}

/// What the argument `Number` tells, as 64 bits.
static Value *toldBy(IRBuilder<> &B, Function *Helper, unsigned Number) {
  Value *Told = Helper->getArg(Number);
  if (Told->getType()->isPointerTy())
    return B.CreatePtrToInt(Told, B.getInt64Ty());
  return B.CreateSExt(Told, B.getInt64Ty());
}

void BufferHelperEmitter::callRuntime(IRBuilder<> &B, Function *Helper,
                                      const Buffer &Which, Constant *Name) {
  Value *Amount = B.getInt64(0);
  for (auto [Nth, Number] : enumerate(Which.Told)) {
    Value *Told = toldBy(B, Helper, Number);
    if (Nth == 0) {
      Amount = Told;
      continue;
    }
    // Where it overflows, there is no such buffer.
    Value *Product =
        B.CreateBinaryIntrinsic(Intrinsic::umul_with_overflow, Amount, Told);
    Amount = B.CreateSelect(B.CreateExtractValue(Product, 1),
                            B.getInt64(~uint64_t(0)),
                            B.CreateExtractValue(Product, 0));
  }
  Value *Args[] = {Helper->getArg(Which.Argument), Amount,
                   describe(Which, Name)};
  FunctionCallee Entry = M.getOrInsertFunction(
      entry::CheckBuffer,
      FunctionType::get(B.getVoidTy(),
                        {B.getPtrTy(), B.getInt64Ty(), B.getPtrTy()}, false));
  CallInst *Check = B.CreateCall(Entry, Args);
  Check->setTailCallKind(CallInst::TCK_NoTail);
  Check->setDoesNotThrow();
}

void BufferHelperEmitter::redirect(CallBase &Call, const BufferFunction &F) {
  Function *Helper = checkHelper(F);
  if (!isa<IntrinsicInst>(Call))
    return Call.setCalledFunction(Helper);
  IRBuilder<> B(&Call);
  FunctionType *T = Helper->getFunctionType();
  SmallVector<Value *, 3> Args;
  for (unsigned I = 0; I != T->getNumParams(); ++I) {
    Value *Arg = Call.getArgOperand(I);
    bool IsByte = Arg->getType()->isIntegerTy(8); // memset's
    Args.push_back(IsByte ? B.CreateZExt(Arg, T->getParamType(I)) : Arg);
  }
  CallInst *New = B.CreateCall(Helper, Args);
  New->setDoesNotThrow();
  Call.eraseFromParent();
}

} // namespace heapfence
