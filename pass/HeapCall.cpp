// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of heap functions, and the match of a call against it.

#include "HeapCall.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace heapfence {

namespace {

struct KnownFunction {
  HeapFunction Id;
  Shape Form;
  Family Owner;
};

const StringMap<KnownFunction> &knownFunctions() {
  static const StringMap<KnownFunction> Table = [] {
    StringMap<KnownFunction> T;
#define HEAP_FUNCTION(Id, Symbol, Form, Owner)                                 \
  T[Symbol] = {HeapFunction::Id, Shape::Form, Family::Owner};
#include "heapfence/heap_functions.def"
    return T;
  }();
  return Table;
}

/// The prototype of a shape: 'v' void, 'i' int, 'p' pointer, 's' size_t, first
/// the result, then the parameters but those that only an overload has.
StringRef prototypeOf(Shape Form) {
  switch (Form) {
  case Shape::Malloc:
    return "ps";
  case Shape::Calloc:
  case Shape::Memalign:
  case Shape::AlignedNew:
    return "pss";
  case Shape::PosixMemalign:
    return "ipss";
  case Shape::Realloc:
    return "pps";
  case Shape::ReallocArray:
    return "ppss";
  case Shape::Strdup:
    return "pp";
  case Shape::Strndup:
    return "pps";
  case Shape::Free:
    return "vp";
  case Shape::FreeSized:
  case Shape::FreeAligned:
    return "vps";
  case Shape::FreeAlignedSized:
  case Shape::FreeSizedAligned:
    return "vpss";
  }
  llvm_unreachable("unknown shape");
}

/// The prototype of `Symbol`: 'h' is a hot/cold hint. Exactly this one, as all
/// calls of a module share their helpers.
std::string prototypeOf(Shape Form, StringRef Symbol) {
  std::string Prototype = prototypeOf(Form).str();
  if (Symbol.contains("RKSt9nothrow_t"))
    Prototype += 'p';
  if (Symbol.contains("12__hot_cold_t"))
    Prototype += 'h';
  return Prototype;
}

bool hasType(Type *T, char Code) {
  switch (Code) {
  case 'v':
    return T->isVoidTy();
  case 'i':
    return T->isIntegerTy(32);
  case 'p':
    return T->isPointerTy() && T->getPointerAddressSpace() == 0;
  case 'h':
    return T->isIntegerTy(8);
  default:
    return T->isIntegerTy(64);
  }
}

bool hasPrototype(FunctionType *T, StringRef Prototype) {
  StringRef Parameters = Prototype.drop_front();
  if (T->isVarArg() || !hasType(T->getReturnType(), Prototype[0]) ||
      T->getNumParams() != Parameters.size())
    return false;
  for (size_t I = 0; I != Parameters.size(); ++I)
    if (!hasType(T->getParamType(I), Parameters[I]))
      return false;
  return true;
}

} // namespace

HeapCallMatch matchHeapCall(CallBase &Call) {
  auto *Callee = dyn_cast<Function>(Call.getCalledOperand());
  // A function with local linkage is the program's own, whatever its name.
  if (!Callee || Callee->hasLocalLinkage() || Callee->isIntrinsic())
    return {};
  auto Known = knownFunctions().find(Callee->getName());
  if (Known == knownFunctions().end())
    return {};
  if (!isa<CallInst>(Call) && !isa<InvokeInst>(Call))
    return {std::nullopt, "called by an instruction that cannot be guarded"};
  if (Call.getCallingConv() != CallingConv::C ||
      !hasPrototype(Call.getFunctionType(),
                    prototypeOf(Known->second.Form, Callee->getName())))
    return {std::nullopt, "called with another prototype than the heap's"};
  return {HeapCall{&Call, Known->second.Id, Known->second.Form}};
}

bool isDeallocation(Shape Form) { return prototypeOf(Form)[0] == 'v'; }

std::optional<unsigned> sizeArgument(Shape Form) {
  switch (Form) {
  case Shape::FreeSized:
  case Shape::FreeSizedAligned:
    return 1;
  case Shape::FreeAlignedSized:
    return 2;
  default:
    return std::nullopt;
  }
}

std::optional<unsigned> alignmentArgument(Shape Form) {
  switch (Form) {
  case Shape::FreeAligned:
  case Shape::FreeAlignedSized:
    return 1;
  case Shape::FreeSizedAligned:
    return 2;
  default:
    return std::nullopt;
  }
}

std::optional<HeapFunction> matchHeapFunction(const Function &F) {
  auto Known = knownFunctions().find(F.getName());
  if (Known == knownFunctions().end() || F.hasLocalLinkage() ||
      F.getCallingConv() != CallingConv::C ||
      !hasPrototype(F.getFunctionType(),
                    prototypeOf(Known->second.Form, F.getName())))
    return std::nullopt;
  return Known->second.Id;
}

bool isHeapFunctionName(StringRef Name) {
  return knownFunctions().find(Name) != knownFunctions().end();
}

bool isOwnName(StringRef Name) {
  static constexpr StringLiteral Prefix = "__heapfence_";
  return Name.substr(0, Prefix.size()) == Prefix;
}

bool isCHeapFunctionName(StringRef Name) {
  auto Known = knownFunctions().find(Name);
  return Known != knownFunctions().end() &&
         Known->second.Owner == Family::Malloc;
}

} // namespace heapfence
