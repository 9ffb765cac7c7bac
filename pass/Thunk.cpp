// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds taken addresses, and emits the thunks.

#include "Thunk.h"
#include "Helper.h"
#include "llvm/IR/Constants.h"

using namespace llvm;

namespace heapfence {

static bool hasThunk(HeapFunction F) {
  switch (F) {
  case HeapFunction::Malloc:
  case HeapFunction::Calloc:
  case HeapFunction::Realloc:
  case HeapFunction::ReallocArray:
  case HeapFunction::AlignedAlloc:
  case HeapFunction::Memalign:
  case HeapFunction::Strdup:
  case HeapFunction::Strndup:
    return true;
  default:
    return false;
  }
}

/// True if `U` takes an address that the program can see, and a thunk can be
/// there instead.
static bool takesAddress(const Use &U) {
  const User *Taker = U.getUser();
  if (auto *Call = dyn_cast<CallBase>(Taker))
    return !Call->isCallee(&U) && !Call->isBundleOperand(&U);
  if (isa<Instruction>(Taker))
    return true;
  // Lists like llvm.used, whose section is that of metadata.
  if (auto *G = dyn_cast<GlobalVariable>(Taker))
    return G->getName().substr(0, 5) != "llvm.";
  // Aliases, personalities; and what stands for one symbol in particular.
  if (isa<GlobalValue>(Taker) ||
      !(isa<ConstantAggregate>(Taker) || isa<ConstantExpr>(Taker)))
    return false;
  return all_of(Taker->uses(), takesAddress);
}

static Function *thunkOf(Function &F) {
  Module &M = *F.getParent();
  std::string Name = (ThunkPrefix + F.getName()).str();
  if (Function *Known = M.getFunction(Name))
    return Known;
  auto *Thunk = Function::createWithDefaultAttr(
      F.getFunctionType(), GlobalValue::LinkOnceODRLinkage, 0, Name, &M);
  placeAsHelper(*Thunk);
  IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", Thunk));
  SmallVector<Value *, 4> Args;
  for (Argument &A : Thunk->args())
    Args.push_back(&A);
  CallInst *Call = B.CreateCall(&F, Args);
  Call->setTailCall();
  B.CreateRet(Call);
  return Thunk;
}

bool replaceTakenAddresses(Module &M) {
  SmallVector<Function *> Taken;
  for (Function &F : M) {
    F.removeDeadConstantUsers();
    const std::optional<HeapFunction> Known = matchHeapFunction(F);
    if (Known && hasThunk(*Known) && F.isDeclaration() &&
        !F.hasExternalWeakLinkage() && any_of(F.uses(), takesAddress))
      Taken.push_back(&F);
  }
  for (Function *F : Taken)
    F->replaceUsesWithIf(thunkOf(*F), takesAddress);
  return !Taken.empty();
}

StringRef thunkTarget(const Function &F) {
  StringRef Name = F.getName();
  return Name.consume_front(ThunkPrefix) ? Name : "";
}

} // namespace heapfence
