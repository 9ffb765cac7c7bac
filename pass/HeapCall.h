// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recognises a call of a heap function. Pure: reads the IR, changes nothing.

#ifndef HEAPFENCE_PASS_HEAPCALL_H
#define HEAPFENCE_PASS_HEAPCALL_H

#include "ObjectUse.h"
#include "heapfence/abi.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include <optional>

namespace heapfence {

/// A call (or invoke) of a heap function with the prototype that the function
/// is known to have; or a context (see WrapperCall.h), which is guarded like a
/// malloc.
struct HeapCall {
  llvm::CallBase *Call;
  HeapFunction Callee;
  Shape Form;
  bool IsContext = false;
  ObjectUse Use = {}; ///< Of an allocation.

  /// True for a context whose wrapper is called through a pointer.
  bool isIndirect() const {
    return IsContext && !llvm::isa<llvm::Function>(Call->getCalledOperand());
  }
};

/// What a call was found to be.
struct HeapCallMatch {
  std::optional<HeapCall> Found;
  /// Set when the callee has a known name but the call is not instrumentable.
  const char *Refusal = nullptr;
};

/// Judges `Call` by the callee's name and prototype, not by TargetLibraryInfo,
/// which knows few heap functions at -O0 and none under -fno-builtin.
HeapCallMatch matchHeapCall(llvm::CallBase &Call);

/// True if calls of `Form` take a pointer to release, without returning one.
bool isDeallocation(Shape Form);

/// Which argument of a deallocation tells the size, or the alignment.
std::optional<unsigned> sizeArgument(Shape Form);
std::optional<unsigned> alignmentArgument(Shape Form);

/// Judges `F`, called or taken the address of, alone: by name and prototype.
std::optional<HeapFunction> matchHeapFunction(const llvm::Function &F);

/// True if `Name` is in the table of heap functions.
bool isHeapFunctionName(llvm::StringRef Name);

/// True if `Name` is one that pass or runtime gave.
bool isOwnName(llvm::StringRef Name);

/// True if `Name` is a heap function of the C family: its own body is never
/// instrumented.
bool isCHeapFunctionName(llvm::StringRef Name);

} // namespace heapfence

#endif // HEAPFENCE_PASS_HEAPCALL_H
