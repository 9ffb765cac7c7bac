// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the code that runs only while an exception unwinds the stack. Pure.

#ifndef HEAPFENCE_PASS_CLEANUP_H
#define HEAPFENCE_PASS_CLEANUP_H

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"

namespace heapfence {

/// The blocks of `F` that are reached by unwinding alone: destructor calls, but
/// not the handlers of catch clauses. In C++ code they hold most deallocations
/// and hardly ever run.
llvm::SmallPtrSet<const llvm::BasicBlock *, 16>
cleanupBlocks(const llvm::Function &F);

} // namespace heapfence

#endif // HEAPFENCE_PASS_CLEANUP_H
