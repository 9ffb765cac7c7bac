// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The thread's countdown: the variable, and the code that subtracts from it.
//
// In an arm64 executable it is among the first 4 KiB of the thread-local
// variables: one instruction less at each site, and another for the address
// that is part of the load and of the store:
//
//     mrs  x16, TPIDR_EL0
//     ldr  w9, [x16, :tprel_lo12_nc:__heapfence_countdown]
//     sub  w9, w9, w8
//     str  w9, [x16, :tprel_lo12_nc:__heapfence_countdown]
//
// Linkers do not check that, but for an instruction that never runs.

#ifndef HEAPFENCE_PASS_COUNTDOWN_H
#define HEAPFENCE_PASS_COUNTDOWN_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace heapfence {

class Countdown {
public:
  /// `IsFar`: it may be behind many other thread-local variables.
  Countdown(llvm::Module &M, bool IsFar);

  /// Subtracts `Weight`. Returns: what is left.
  llvm::Value *subtract(llvm::IRBuilder<> &B, llvm::Value *Weight);

private:
  llvm::GlobalVariable *variable();
  llvm::GlobalVariable *create();
  llvm::Value *subtractNear(llvm::IRBuilder<> &B, llvm::Value *Weight);
  void checkNear();

  llvm::Module &M;
  const bool IsFar;
  llvm::IntegerType *I32;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_COUNTDOWN_H
