// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites one heap call to its guarded form.
//
// Allocation site, before:          after:
//   %p = call ptr @malloc(i64 %n)     %w = load i32, ptr @weights[i]
//                                     %t = countdown - %w
//                                     countdown = %t
//                                     br (%t < 0), %slow, %orig     ; unlikely
//                                   slow:                           ; cold
//                                     %s = call @__heapfence_malloc(%n, @site)
//                                     br (%s == null), %orig, %join
//                                   orig:
//                                     %p = call ptr @malloc(i64 %n)
//                                     br %join
//                                   join:
//                                     phi [%s, %slow], [%p, %orig]
//
// Deallocation site: the test is (pointer >> WindowLog2 == window), the slow
// call returns whether the object was the runtime's. A realloc site has both
// tests. Where the original is a tail call, the slow side returns by itself and
// the original stays a tail call. The original call stays as it was: its
// attributes, bundles, metadata, and `invoke` destinations.

#ifndef HEAPFENCE_PASS_GUARD_H
#define HEAPFENCE_PASS_GUARD_H

#include "SiteTable.h"
#include "llvm/IR/IRBuilder.h"

namespace heapfence {

class GuardEmitter {
public:
  explicit GuardEmitter(llvm::Module &M);

  /// True for a call that a guard was already put before.
  static bool isGuarded(const llvm::CallBase &Call);

  void emit(const HeapCall &Call, const SiteRef &Site);

private:
  struct Blocks;

  llvm::Value *countdownTest(llvm::IRBuilder<> &B, llvm::Constant *Weight);
  llvm::Value *windowTest(llvm::IRBuilder<> &B, llvm::Value *Pointer);
  llvm::CallInst *slowCall(llvm::IRBuilder<> &B, const HeapCall &Call,
                           llvm::Constant *Record);
  llvm::Value *isRefused(llvm::IRBuilder<> &B, const HeapCall &Call,
                         llvm::CallInst *Slow);
  llvm::Function *entry(llvm::StringRef Name, llvm::FunctionType *T);
  llvm::GlobalVariable *createCountdown();
  llvm::GlobalVariable *createWindow();

  llvm::Module &M;
  llvm::IntegerType *I32, *I64;
  llvm::PointerType *Ptr;
  llvm::GlobalVariable *Countdown, *Window;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_GUARD_H
