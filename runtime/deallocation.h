// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call that frees an object says of it.

#ifndef HEAPFENCE_DEALLOCATION_H
#define HEAPFENCE_DEALLOCATION_H

#include "heapfence/abi.h"

namespace heapfence {

struct Deallocation {
  static constexpr size_t NotTold = ~size_t(0);

  HeapFunction Callee = HeapFunction::Free;
  size_t Size = NotTold; ///< In bytes.
  size_t Alignment = 0;  ///< In bytes; 0: not told.
};

} // namespace heapfence

#endif // HEAPFENCE_DEALLOCATION_H
