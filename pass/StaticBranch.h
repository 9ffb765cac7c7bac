// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the branch of a statically guarded site: a nop that the runtime can
// make a jump. The test then costs that nop, and reads no data.
//
//   callbr void asm sideeffect "<nop>" (ptr @site)
//       to label %orig [label %slow]

#ifndef HEAPFENCE_PASS_STATICBRANCH_H
#define HEAPFENCE_PASS_STATICBRANCH_H

#include "llvm/IR/IRBuilder.h"

namespace heapfence {

/// Ends the block of `B` with a branch to `Closed`, which the runtime can turn
/// to `Slow`, and emits its `BranchRecord`, for the site of `Record`.
///
/// The record is in the section group of the code and linked to its section, as
/// a `ReturnRecord` is. Where a later optimization copies the code, each copy
/// is a branch with a record of its own.
void emitStaticBranch(llvm::IRBuilder<> &B, llvm::Constant *Record,
                      llvm::BasicBlock *Slow, llvm::BasicBlock *Closed);

} // namespace heapfence

#endif // HEAPFENCE_PASS_STATICBRANCH_H
