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
// With a static branch (StaticBranch.h) a nop stands for the first four lines.
//
// A realloc site also tests whether the old pointer is guarded: (pointer >>
// WindowLog2 == window). The original call stays as it was: its attributes,
// bundles, metadata, `invoke` destinations, and tail position.
//
// Cold site: the whole call goes to a guarded copy of the function,
//   call ptr @_Znwm(16)   ->  call ptr @__heapfence_cold._Znwm(
//                                 ptr nest @site, 16)
// which costs 7 bytes of code where the guard in place costs about 40.

#ifndef HEAPFENCE_PASS_GUARD_H
#define HEAPFENCE_PASS_GUARD_H

#include "Helper.h"
#include "SiteTable.h"

namespace heapfence {

class GuardEmitter {
public:
  /// `IsStatic`: with static branches, which cannot be in a guarded copy.
  /// `IsFar`: see `Countdown`.
  GuardEmitter(llvm::Module &M, bool IsStatic, bool IsFar)
      : M(M), IsStatic(IsStatic), Tests(M, IsFar), Helpers(M, Tests) {}

  /// Puts a guard before `Call`.
  void emit(const HeapCall &Call, const SiteRef &Site);

  /// True if `emitCold` can guard `Call`.
  bool canBeCold(const HeapCall &Call) const;
  /// Replaces `Call`, which rarely runs, by one of a guarded copy.
  void emitCold(const HeapCall &Call, const SiteRef &Site);

private:
  llvm::Module &M;
  const bool IsStatic;
  SampleTest Tests;
  HelperEmitter Helpers;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_GUARD_H
