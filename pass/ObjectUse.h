// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the code around an allocation does with the new object: says where in
// its pages a bug would show. Pure: reads the IR, changes nothing.

#ifndef HEAPFENCE_PASS_OBJECTUSE_H
#define HEAPFENCE_PASS_OBJECTUSE_H

#include "llvm/IR/InstrTypes.h"

namespace heapfence {

struct ObjectUse {
  /// No code but this function's gets the object, and all of it takes it for
  /// bytes: it needs no alignment.
  bool IsBytes = false;
  /// It is indexed upwards, or handed to functions that fill it from its start:
  /// more likely to be overrun at its end.
  bool GrowsUp = false;
  /// It is accessed before where the result points.
  bool ReachesDown = false;
};

/// Looks at the uses of the result of `Call`, an allocation, within its
/// function; through variables whose address is not taken, too (at -O0).
/// Cost: some hundred uses at most; beyond them nothing is known.
ObjectUse objectUseOf(const llvm::CallBase &Call);

} // namespace heapfence

#endif // HEAPFENCE_PASS_OBJECTUSE_H
