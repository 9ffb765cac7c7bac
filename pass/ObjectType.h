// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The type of the objects that an allocation makes, where the compiler told it.
// Pure: reads the IR, changes nothing.

#ifndef HEAPFENCE_PASS_OBJECTTYPE_H
#define HEAPFENCE_PASS_OBJECTTYPE_H

#include "HeapCall.h"
#include "llvm/ADT/StringRef.h"

namespace heapfence {

struct ObjectType {
  llvm::StringRef Name; ///< As in the source; empty: not known.
  uint32_t Size = 0;    ///< Of one element, in bytes; 0: not known.
};

/// Reads what clang attached to the call of an allocation: !alloc_token (LLVM
/// 22, -fsanitize=alloc-token, malloc and new) or !heapallocsite (-g, new).
ObjectType objectTypeOf(const HeapCall &Found);

/// Has the module compiled as if !alloc_token were all that
/// -fsanitize=alloc-token gives: no call becomes one of another allocator.
/// Requires: runs before the optimizer.
void keepTokensOnly(llvm::Module &M);

} // namespace heapfence

#endif // HEAPFENCE_PASS_OBJECTTYPE_H
