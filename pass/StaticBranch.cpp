// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The assembly of a static branch.

#include "StaticBranch.h"
#include "heapfence/abi.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace heapfence {

/// The nop, and what it needs in front of it.
static std::string nopOf(const Module &M) {
  const std::string Label = ".Lheapfence_branch${:uid}:\n";
  if (!Triple(M.getTargetTriple()).isX86())
    return Label + "\tnop\n";
  // The runtime writes the naturally aligned 8 bytes that the branch lies in,
  // at once: hence up to 4 bytes before it where it would straddle two of them,
  // and none elsewhere.
  return ".p2align 3,,4\n" + Label + "\t.byte 0x0f,0x1f,0x44,0,0\n";
}

void emitStaticBranch(IRBuilder<> &B, Constant *Record, BasicBlock *Slow,
                      BasicBlock *Closed) {
  const std::string Text = nopOf(*Slow->getModule()) + "\t.pushsection " +
                           std::string(BranchesSection) +
                           ",\"ao?\",@progbits,.Lheapfence_branch${:uid}\n"
                           "\t.p2align 2\n"
                           "\t.long .Lheapfence_branch${:uid}-.\n"
                           "\t.long ${1:l}-.\n"
                           "\t.long ${0:c}-.\n"
                           "\t.popsection";
  // Neither register nor flag nor memory changes on either way.
  auto *Type = FunctionType::get(B.getVoidTy(), {Record->getType()}, false);
  auto *Asm = InlineAsm::get(Type, Text, "i,!i", /*hasSideEffects=*/true);
  CallBrInst *Branch = B.CreateCallBr(Type, Asm, Closed, {Slow}, {Record});
  Branch->setDoesNotThrow();
  Branch->setOnlyAccessesInaccessibleMemory();
}

} // namespace heapfence
