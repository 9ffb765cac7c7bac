// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of functions with buffers, and the match of a call against it.

#include "BufferCall.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace heapfence {

namespace {

BufferForm formOf(char Code) {
  switch (Code) {
  case '#':
  case '*':
    return BufferForm::Bytes;
  case 'l':
    return BufferForm::Room;
  case 's':
    return BufferForm::String;
  case 'n':
    return BufferForm::StringAtMost;
  case 'c':
    return BufferForm::CopyOf;
  case 'a':
    return BufferForm::AppendOf;
  case 'v':
    return BufferForm::IoVec;
  case 'm':
    return BufferForm::MsgHdr;
  }
  llvm_unreachable("unknown form of a buffer");
}

Buffer parseBuffer(StringRef Text) {
  Buffer B{unsigned(Text[1] - '0'), Text[0] == 'w', formOf(Text[2]), {}};
  for (char Digit : Text.drop_front(3))
    B.Told.push_back(unsigned(Digit - '0'));
  return B;
}

BufferFunction parse(StringRef Symbol, StringRef Prototype, StringRef Buffers,
                     bool IsMemory) {
  BufferFunction F{Symbol, Prototype, {}, IsMemory};
  while (!Buffers.empty()) {
    auto [First, Rest] = Buffers.split(' ');
    F.Buffers.push_back(parseBuffer(First));
    Buffers = Rest;
  }
  return F;
}

const StringMap<BufferFunction> &knownFunctions() {
  static const StringMap<BufferFunction> Table = [] {
    StringMap<BufferFunction> T;
#define BUFFER_FUNCTION(Symbol, Prototype, Buffers)                            \
  T.try_emplace(Symbol, parse(Symbol, Prototype, Buffers, false));
#define MEMORY_FUNCTION(Symbol, Prototype, Buffers)                            \
  T.try_emplace(Symbol, parse(Symbol, Prototype, Buffers, true));
#include "heapfence/buffer_functions.def"
    return T;
  }();
  return Table;
}

Type *typeOf(LLVMContext &C, char Code) {
  switch (Code) {
  case 'v':
    return Type::getVoidTy(C);
  case 'i':
    return Type::getInt32Ty(C);
  case 'l':
    return Type::getInt64Ty(C);
  case 'p':
    return PointerType::get(C, 0);
  }
  llvm_unreachable("unknown type of a parameter");
}

/// True for what certainly is no object of the heap.
bool isElsewhere(const Value *Pointer) {
  const Value *Object = getUnderlyingObject(Pointer);
  return isa<AllocaInst>(Object) || isa<GlobalVariable>(Object) ||
         isa<ConstantPointerNull>(Object);
}

/// Copies and fills that are not short become calls of these.
StringRef libraryNameOf(const CallBase &Call) {
  // Longer ones of known length are calls on all targets.
  constexpr uint64_t LongestInline = 256;
  auto *Memory = dyn_cast<MemIntrinsic>(&Call);
  if (!Memory || Memory->isVolatile() ||
      !Memory->getLength()->getType()->isIntegerTy(64))
    return "";
  auto *Length = dyn_cast<ConstantInt>(Memory->getLength());
  if (Length && Length->getZExtValue() <= LongestInline)
    return "";
  switch (Memory->getIntrinsicID()) {
  case Intrinsic::memcpy:
    return "memcpy";
  case Intrinsic::memmove:
    return "memmove";
  case Intrinsic::memset:
    return "memset";
  default: // Inline by all means.
    return "";
  }
}

/// The name of the function that `Call` calls, if it is the C library's.
StringRef calledName(const CallBase &Call) {
  if (isa<MemIntrinsic>(Call))
    return libraryNameOf(Call);
  auto *F = dyn_cast<Function>(Call.getCalledOperand());
  bool IsForeign = F && F->isDeclaration() && !F->isIntrinsic();
  if (!IsForeign)
    return "";
  // What the compiler makes of memcmp where only equality counts.
  return F->getName() == "bcmp" ? "memcmp" : F->getName();
}

bool isSmallComparison(const CallBase &Call, StringRef Name) {
  return Name == "memcmp" && isa<ConstantInt>(Call.getArgOperand(2));
}

} // namespace

FunctionType *BufferFunction::type(LLVMContext &C) const {
  StringRef Codes = Prototype;
  bool IsVarArg = Codes.consume_back(".");
  SmallVector<Type *, 6> Parameters;
  for (char Code : Codes.drop_front())
    Parameters.push_back(typeOf(C, Code));
  return FunctionType::get(typeOf(C, Codes[0]), Parameters, IsVarArg);
}

const BufferFunction *matchBufferCall(const CallBase &Call) {
  StringRef Name = calledName(Call);
  auto Known = knownFunctions().find(Name);
  if (Known == knownFunctions().end())
    return nullptr;
  const BufferFunction &F = Known->second;
  auto *Plain = dyn_cast<CallInst>(&Call);
  if (!(Plain && !Plain->isMustTailCall()) && !isa<InvokeInst>(Call))
    return nullptr;
  bool IsIntrinsic = isa<IntrinsicInst>(Call);
  if (!IsIntrinsic && (Call.getCallingConv() != CallingConv::C ||
                       Call.getFunctionType() != F.type(Call.getContext())))
    return nullptr;
  // Compared inline, where it is short.
  if (Call.hasOperandBundles() || isSmallComparison(Call, Name))
    return nullptr;
  auto IsSeen = [&](const Buffer &B) {
    const Value *Pointer = Call.getArgOperand(B.Argument);
    return Pointer->getType()->getPointerAddressSpace() != 0 ||
           (isElsewhere(Pointer) && B.Form != BufferForm::IoVec &&
            B.Form != BufferForm::MsgHdr);
  };
  return all_of(F.Buffers, IsSeen) ? nullptr : &F;
}

bool isBufferFunctionName(StringRef Name) {
  return knownFunctions().find(Name) != knownFunctions().end();
}

} // namespace heapfence
