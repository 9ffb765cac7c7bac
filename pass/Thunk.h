// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stands in for heap functions whose address is taken.
//
// Before:                              after:
//   @xmlMalloc = global ptr @malloc      @xmlMalloc = global
//                                                ptr @__heapfence_thunk.malloc
//
//   define linkonce_odr hidden ptr @__heapfence_thunk.malloc(i64 %n) {
//     %p = tail call ptr @malloc(i64 %n)   ; a site, guarded like any other
//     ret ptr %p
//   }

#ifndef HEAPFENCE_PASS_THUNK_H
#define HEAPFENCE_PASS_THUNK_H

#include "llvm/IR/Module.h"

namespace heapfence {

/// Puts thunks in place of the addresses of the C allocations that `M` does not
/// define: in code and initial values, everywhere, so that comparisons in the
/// module hold. Left are lists for the compiler (llvm.used) and aliases.
/// The thunks are functions of the module with a call to guard.
/// Returns: whether there was one.
bool replaceTakenAddresses(llvm::Module &M);

/// What a site in `F` is said to be in: for a thunk, the name of its heap
/// function; else "".
llvm::StringRef thunkTarget(const llvm::Function &F);

} // namespace heapfence

#endif // HEAPFENCE_PASS_THUNK_H
