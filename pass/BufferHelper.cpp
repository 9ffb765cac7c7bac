// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bodies of the helpers for calls with buffers.

#include "BufferHelper.h"
#include "Helper.h"
#include "SampleTest.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/TargetParser/Triple.h"

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

/// Ends the block: goes on to `Guarded` if a buffer may be guarded, else to
/// `Plain`.
void BufferHelperEmitter::emitTest(IRBuilder<> &B, const BufferFunction &F,
                                   BasicBlock *Guarded, BasicBlock *Plain) {
  Function *Helper = Guarded->getParent();
  SmallVector<Value *, 2> Pointers;
  for (const Buffer &Which : F.Buffers) {
    // What these refer to, only the runtime knows.
    if (Which.Form == BufferForm::IoVec || Which.Form == BufferForm::MsgHdr) {
      B.CreateBr(Guarded);
      return;
    }
    Pointers.push_back(Helper->getArg(Which.Argument));
  }
  // What others do takes so long that a shorter test is better than a faster.
  emitWindowTest(B, windowCell(M, BufferWindowSymbol), Pointers, Guarded, Plain,
                 /*InShort=*/!F.IsMemory);
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
  emitTest(B, F, ToSlow, ToOriginal);
  B.SetInsertPoint(ToSlow);
  jumpTo(B, Helper, Slow);
  B.SetInsertPoint(ToOriginal);
  FunctionCallee Original = M.getOrInsertFunction(F.Symbol, F.type(C));
  if (F.IsMemory)
    callWithoutStub(Original.getCallee());
  jumpTo(B, Helper, Original);
  return Helper;
}

/// Loads the registers that `entry::CheckBuffers` reads and jumps there; by
/// addresses from the table, which no lazy binding changes registers for.
static const char *jumpToRuntime(const Module &M) {
  if (Triple(M.getTargetTriple()).isX86())
    return "leaq ${0:c}(%rip), %r10\n"
           "movq ${1:c}@GOTPCREL(%rip), %r11\n"
           "jmpq *${2:c}@GOTPCREL(%rip)";
  // A jump by x17 may go to what may only be called.
  return "adrp x17, :got:${2:c}\n"
         "ldr x17, [x17, :got_lo12:${2:c}]\n"
         "adrp x15, :got:${1:c}\n"
         "ldr x15, [x15, :got_lo12:${1:c}]\n"
         "adrp x16, ${0:c}\n"
         "add x16, x16, :lo12:${0:c}\n"
         "br x17";
}

Function *BufferHelperEmitter::slowHelper(const BufferFunction &F) {
  LLVMContext &C = M.getContext();
  Function *Helper = create((CheckSlowPrefix + F.Symbol).str(), F);
  Helper->addFnAttr(Attribute::Cold);
  Helper->addFnAttr(Attribute::Naked);
  IRBuilder<> B(BasicBlock::Create(C, "entry", Helper));
  Type *Void = B.getVoidTy(), *Ptr = B.getPtrTy();
  Value *Symbols[] = {
      describe(F), M.getOrInsertFunction(F.Symbol, F.type(C)).getCallee(),
      M.getOrInsertFunction(entry::CheckBuffers, FunctionType::get(Void, false))
          .getCallee()};
  auto *Jump =
      InlineAsm::get(FunctionType::get(Void, {Ptr, Ptr, Ptr}, false),
                     jumpToRuntime(M), "s,s,s", /*hasSideEffects=*/true);
  B.CreateCall(Jump, Symbols)->setDoesNotThrow();
  B.CreateUnreachable();
  return Helper;
}

/// The record of `F`, see `BufferRecord`.
GlobalVariable *BufferHelperEmitter::describe(const BufferFunction &F) {
  LLVMContext &C = M.getContext();
  Type *I8 = Type::getInt8Ty(C), *I32 = Type::getInt32Ty(C),
       *I64 = Type::getInt64Ty(C);
  assert(F.Buffers.size() <= std::size(BufferRecord{}.Buffers) &&
         "too many buffers for the record");
  auto *Bytes = ArrayType::get(I8, sizeof(BufferRecord::Buffers));
  auto *T = StructType::get(C, {I32, Bytes});
  auto *Record =
      new GlobalVariable(M, T, true, GlobalValue::PrivateLinkage,
                         Constant::getNullValue(T), "__heapfence_buffers");
  Record->setAlignment(Align(alignof(BufferRecord)));

  FunctionType *Prototype = F.type(C);
  SmallVector<uint8_t, sizeof(BufferRecord::Buffers)> Packed;
  for (const Buffer &Which : F.Buffers) {
    auto Told = [&](unsigned I) {
      return I < Which.Told.size() ? Which.Told[I] + 1 : 0;
    };
    auto IsInt = [&](unsigned I) {
      return Told(I) && Prototype->getParamType(Told(I) - 1) == I32;
    };
    Packed.append({uint8_t(Which.Argument + 1), Which.IsWritten,
                   uint8_t(Which.Form), uint8_t(Told(0)), uint8_t(Told(1)),
                   IsInt(0), IsInt(1), 0});
  }
  Packed.resize(sizeof(BufferRecord::Buffers));

  StringRef Name = F.Symbol;
  if (Name.consume_front("__"))
    Name.consume_back("_chk");
  IRBuilder<> B(C);
  Constant *Text = B.CreateGlobalString(Name, "__heapfence_string", 0, &M);
  Constant *Distance =
      ConstantExpr::getSub(ConstantExpr::getPtrToInt(Text, I64),
                           ConstantExpr::getPtrToInt(Record, I64));
  Record->setInitializer(
      ConstantStruct::get(T, {ConstantExpr::getTrunc(Distance, I32),
                              ConstantDataArray::get(C, Packed)}));
  return Record;
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
