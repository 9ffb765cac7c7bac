// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the tests of a guard: the weighted countdown or a static branch, and
// for a realloc whether the old pointer is guarded.
//
//     %w = load i32, ptr @weights[i]
//     %t = countdown - %w
//     countdown = %t
//     br (%t < 0), %slow, %orig                        ; unlikely
//
// For a static branch see StaticBranch.h.

#ifndef HEAPFENCE_PASS_SAMPLETEST_H
#define HEAPFENCE_PASS_SAMPLETEST_H

#include "Countdown.h"
#include "HeapCall.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace heapfence {

/// A cell that the runtime keeps the window in, one per linked module.
llvm::GlobalVariable *windowCell(llvm::Module &M, llvm::StringRef Name);

/// Ends the block: goes on to `Inside` if one of `Pointers` lies in the window
/// of guarded objects that `Cell` holds, which hardly ever happens, else to
/// `Outside`. `InShort`: in little code rather than in little time.
void emitWindowTest(llvm::IRBuilder<> &B, llvm::GlobalVariable *Cell,
                    llvm::ArrayRef<llvm::Value *> Pointers,
                    llvm::BasicBlock *Inside, llvm::BasicBlock *Outside,
                    bool InShort = false);

/// Branch weights: to the first destination hardly ever.
llvm::MDNode *unlikely(llvm::LLVMContext &C);

class SampleTest {
public:
  /// `IsFar`: see `Countdown`.
  SampleTest(llvm::Module &M, bool IsFar);

  /// Ends `Head` with the tests of `Call`: to `Slow` if one holds, else to
  /// `Orig`. `Weight` is the address of the site's weight cell.
  void emit(const HeapCall &Call, llvm::Value *Weight, llvm::BasicBlock *Head,
            llvm::BasicBlock *Slow, llvm::BasicBlock *Orig);
  /// The same with a static branch for the site of `Record`.
  void emitStatic(const HeapCall &Call, llvm::Constant *Record,
                  llvm::BasicBlock *Head, llvm::BasicBlock *Slow,
                  llvm::BasicBlock *Orig);

private:
  llvm::BasicBlock *emitReallocTest(const HeapCall &Call,
                                    llvm::BasicBlock *Slow,
                                    llvm::BasicBlock *Orig);
  llvm::Value *countdownTest(llvm::IRBuilder<> &B, llvm::Value *Weight);

  llvm::Module &M;
  Countdown Remaining;
  llvm::GlobalVariable *Window;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_SAMPLETEST_H
