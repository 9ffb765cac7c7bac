// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of heap functions.

#ifndef HEAPFENCE_HEAP_FUNCTION_H
#define HEAPFENCE_HEAP_FUNCTION_H

#include "heapfence/abi.h"

namespace heapfence {

/// As the linker knows it: "realloc", "_ZdaPv".
const char *symbolOf(HeapFunction F);

/// As a programmer writes it: "realloc", "operator delete[]".
const char *nameOf(HeapFunction F);

} // namespace heapfence

#endif // HEAPFENCE_HEAP_FUNCTION_H
