// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The instances of std::string that a module has only for our sake (see
// tools/include/bits/c++config.h): they are to cost no more than those of the
// C++ library that they stand for.

#ifndef HEAPFENCE_PASS_OWNSTRINGS_H
#define HEAPFENCE_PASS_OWNSTRINGS_H

#include "llvm/IR/Module.h"

namespace heapfence {

/// Keeps the functions that the C++ library would have served from being
/// inlined, and leaves those to it that do not allocate. Does nothing in a
/// module that does not say that its instances are for our sake. Runs before
/// inlining.
void keepStringsOutOfLine(llvm::Module &M);

} // namespace heapfence

#endif // HEAPFENCE_PASS_OWNSTRINGS_H
