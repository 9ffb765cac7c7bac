// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rules by which a call is one of an allocation wrapper.

#include "WrapperCall.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace heapfence {

/// How a value of type `T` is told in a prototype; 0: not at all.
static char letterOf(Type *T) {
  if (auto *P = dyn_cast<PointerType>(T))
    return P->getAddressSpace() == 0 ? 'p' : 0;
  if (T->isFloatTy())
    return 'f';
  if (T->isDoubleTy())
    return 'd';
  auto *I = dyn_cast<IntegerType>(T);
  switch (I ? I->getBitWidth() : 0) {
  case 1:
    return 'o';
  case 8:
    return 'b';
  case 16:
    return 'h';
  case 32:
    return 'i';
  case 64:
    return 'l';
  default:
    return 0;
  }
}

/// True if argument `I` is passed in a way that no helper repeats.
static bool isPassedOddly(const CallBase &Call, unsigned I) {
  static constexpr Attribute::AttrKind Odd[] = {
      Attribute::ByVal,         Attribute::ByRef,      Attribute::InAlloca,
      Attribute::Preallocated,  Attribute::StructRet,  Attribute::Nest,
      Attribute::SwiftSelf,     Attribute::SwiftAsync, Attribute::SwiftError,
      Attribute::StackAlignment};
  return any_of(Odd, [&](Attribute::AttrKind Kind) {
    return Call.paramHasAttr(I, Kind);
  });
}

std::optional<std::string> prototypeLetters(const CallBase &Call) {
  std::string Letters;
  if (Call.getCallingConv() == CallingConv::Fast)
    Letters += 'F';
  else if (Call.getCallingConv() != CallingConv::C)
    return std::nullopt;
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    char Letter = letterOf(Call.getArgOperand(I)->getType());
    if (!Letter || isPassedOddly(Call, I))
      return std::nullopt;
    Letters += Letter;
    for (auto [Kind, Modifier] : zip(PassingAttributes, StringRef("zsr")))
      if (Call.paramHasAttr(I, Kind))
        Letters += Modifier;
  }
  return Letters.empty() ? "v" : Letters;
}

/// True if a helper can make the call in its place.
static bool isRepeatable(const CallBase &Call) {
  auto *Plain = dyn_cast<CallInst>(&Call);
  if (Plain ? Plain->isMustTailCall() : !isa<InvokeInst>(Call))
    return false;
  return !Call.getFunctionType()->isVarArg() && !Call.hasOperandBundles() &&
         !Call.doesNotReturn() && !Call.hasFnAttr(Attribute::ReturnsTwice) &&
         !Call.hasRetAttr(Attribute::InReg) && prototypeLetters(Call);
}

/// True if the compiler knows that the result is fresh memory.
static bool returnsFreshMemory(const CallBase &Call) {
  if (Call.hasRetAttr(Attribute::NoAlias) ||
      Call.hasFnAttr(Attribute::AllocSize))
    return true;
  Attribute Kind = Call.getFnAttr(Attribute::AllocKind);
  return Kind.isValid() &&
         (Kind.getAllocKind() & (AllocFnKind::Alloc | AllocFnKind::Realloc)) !=
             AllocFnKind::Unknown;
}

bool WrapperRules::hasWrapperName(StringRef Name) const {
  static constexpr StringLiteral Parts[] = {"alloc", "strdup", "strndup",
                                            "memdup", "mprintf"};
  return List.contains("wrapper", Name) ||
         (Name.substr(0, 2) != "_Z" && any_of(Parts, [&](StringRef Part) {
            return Name.contains_insensitive(Part);
          }));
}

/// True for what allocates out of sight of the pass: the heap itself, the C
/// library, and what the C++ library does for `throw`.
static bool isInLibrary(StringRef Name, const TargetLibraryInfo &Library) {
  static constexpr StringLiteral CxxRuntime = "__cxa_";
  LibFunc Known;
  return isHeapFunctionName(Name) || Library.getLibFunc(Name, Known) ||
         Name.substr(0, CxxRuntime.size()) == CxxRuntime;
}

/// True if calls of `F` are contexts, wherever they are (as far as is seen
/// here).
bool WrapperRules::isWrapper(const Function &F) const {
  return !F.hasAddressTaken() && !F.isVarArg() &&
         (F.returnDoesNotAlias() || F.hasFnAttribute(Attribute::AllocSize) ||
          hasWrapperName(F.getName()));
}

/// True if `Call` is made by a wrapper, which returns what it returns.
bool WrapperRules::makesResultOfWrapper(const CallBase &Call) const {
  if (!isWrapper(*Call.getFunction()))
    return false;
  SmallVector<const Value *, 4> Worklist = {&Call};
  SmallPtrSet<const Value *, 8> Seen = {&Call};
  while (!Worklist.empty())
    for (const User *U : Worklist.pop_back_val()->users()) {
      if (isa<ReturnInst>(U))
        return true;
      if (isa<PHINode, SelectInst>(U) && Seen.insert(U).second)
        Worklist.push_back(U);
    }
  return false;
}

bool WrapperRules::isWrapper(const CallBase &Call,
                             const TargetLibraryInfo &Library) const {
  const Value *Callee = Call.getCalledOperand();
  if (auto *Load = dyn_cast<LoadInst>(Callee)) {
    auto *Pointer = dyn_cast<GlobalVariable>(Load->getPointerOperand());
    return Pointer && hasWrapperName(Pointer->getName());
  }
  auto *F = dyn_cast<Function>(Callee);
  if (!F || F->isIntrinsic() || F->getFunctionType() != Call.getFunctionType())
    return false;
  StringRef Name = F->getName();
  // With local linkage it is the program's own, whatever its name.
  if (!F->hasLocalLinkage() && isInLibrary(Name, Library))
    return false;
  return !isOwnName(Name) && (returnsFreshMemory(Call) || hasWrapperName(Name));
}

std::optional<HeapCall>
WrapperRules::match(CallBase &Call, const TargetLibraryInfo &Library) const {
  auto *Result = dyn_cast<PointerType>(Call.getType());
  if (!Result || Result->getAddressSpace() != 0 || !isWrapper(Call, Library) ||
      !isRepeatable(Call) || makesResultOfWrapper(Call))
    return std::nullopt;
  return HeapCall{&Call, HeapFunction::Malloc, Shape::Malloc,
                  /*IsContext=*/true};
}

} // namespace heapfence
