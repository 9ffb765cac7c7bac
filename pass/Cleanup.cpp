// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the code that runs only while an exception unwinds the stack.

#include "Cleanup.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace heapfence {

/// True if a catch clause's handler begins in `B`.
static bool beginsHandler(const BasicBlock &B) {
  for (const Instruction &I : B) {
    auto *Call = dyn_cast<CallBase>(&I);
    auto *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (Callee && Callee->getName() == "__cxa_begin_catch")
      return true;
  }
  return false;
}

SmallPtrSet<const BasicBlock *, 16> cleanupBlocks(const Function &F) {
  SmallPtrSet<const BasicBlock *, 16> Cleanup;
  if (!F.hasPersonalityFn())
    return Cleanup;
  // What is reached without unwinding, and what handlers reach.
  SmallPtrSet<const BasicBlock *, 32> Ordinary;
  SmallVector<const BasicBlock *, 32> Worklist;
  auto Visit = [&](const BasicBlock *B) {
    if (Ordinary.insert(B).second)
      Worklist.push_back(B);
  };
  Visit(&F.getEntryBlock());
  for (const BasicBlock &B : F)
    if (beginsHandler(B))
      Visit(&B);
  while (!Worklist.empty())
    for (const BasicBlock *Next : successors(Worklist.pop_back_val()))
      if (!Next->isEHPad())
        Visit(Next);
  for (const BasicBlock &B : F)
    if (!Ordinary.contains(&B))
      Cleanup.insert(&B);
  return Cleanup;
}

} // namespace heapfence
