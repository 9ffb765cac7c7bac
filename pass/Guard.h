// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites one allocation call to its guarded form.
//
// Before:                           after:
//   %p = call ptr @malloc(i64 %n)     %w = load i32, ptr @weights[i]
//                                     %t = countdown - %w
//                                     countdown = %t
//                                     br (%t < 0), %slow, %orig     ; unlikely
//                                   slow:
//                                     %s = call @__heapfence_slow.malloc(
//                                              ptr nest @site, i64 %n)
//                                     br %join
//                                   orig:
//                                     %p = call ptr @malloc(i64 %n)
//                                     br %join
//                                   join:
//                                     phi [%s, %slow], [%p, %orig]
//
// A realloc site also tests whether the old pointer is guarded: (pointer >>
// WindowLog2 == window). The original call stays as it was: its attributes,
// bundles, metadata, `invoke` destinations, and tail position.
//
// Cold site: the whole call goes to a guarded copy of the function,
//   call ptr @_Znwm(16)   ->  call ptr @__heapfence_cold._Znwm(
//                                 ptr nest @site, 16)
// which costs 7 bytes of code where the guard in place costs about 40.
//
// The helpers, one of each kind per linked module and heap function, take the
// site in the register of the `nest` attribute and the call's own arguments
// where the call put them:
//   slow.f: asks the runtime; what it refuses goes to f. Keeps a frame record,
//           by which the runtime finds the site's frame.
//   cold.f: makes the test, and jumps to slow.f or f.

#ifndef HEAPFENCE_PASS_GUARD_H
#define HEAPFENCE_PASS_GUARD_H

#include "SiteTable.h"
#include "llvm/IR/IRBuilder.h"

namespace heapfence {

class GuardEmitter {
public:
  explicit GuardEmitter(llvm::Module &M);

  /// True for a call that was dealt with, or exempted.
  static bool isGuarded(const llvm::CallBase &Call);
  /// Marks `Call` to be left as it is from now on.
  static void exempt(llvm::CallBase &Call);

  /// Puts a guard before `Call`.
  void emit(const HeapCall &Call, const SiteRef &Site);

  /// True if `emitCold` can guard `Call`.
  static bool canBeCold(const HeapCall &Call);
  /// Replaces `Call`, which rarely runs, by one of a guarded copy.
  void emitCold(const HeapCall &Call, const SiteRef &Site);

private:
  void emitTests(const HeapCall &Call, llvm::Value *Weight,
                 llvm::BasicBlock *Head, llvm::BasicBlock *Slow,
                 llvm::BasicBlock *Orig);
  llvm::Value *countdownTest(llvm::IRBuilder<> &B, llvm::Value *Weight);
  llvm::Value *windowTest(llvm::IRBuilder<> &B, llvm::Value *Pointer);
  llvm::Function *createHelper(const std::string &Name, const HeapCall &Call);
  llvm::Function *slowHelper(const HeapCall &Call);
  llvm::Function *coldHelper(const HeapCall &Call);
  llvm::CallInst *callRuntime(llvm::IRBuilder<> &B, const HeapCall &Call,
                              llvm::Value *Record);
  llvm::Value *isRefused(llvm::IRBuilder<> &B, const HeapCall &Call,
                         llvm::CallInst *Result);
  llvm::GlobalVariable *createCountdown();
  llvm::GlobalVariable *createWindow();

  llvm::Module &M;
  llvm::IntegerType *I32, *I64;
  llvm::PointerType *Ptr;
  llvm::GlobalVariable *Countdown, *Window;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_GUARD_H
