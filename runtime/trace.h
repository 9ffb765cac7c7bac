// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes the stack of a heap call.
// Called from: slow path.

#ifndef HEAPFENCE_TRACE_H
#define HEAPFENCE_TRACE_H

#include "heap.h"
#include "slot.h"

namespace heapfence {

/// Fills `T` with the calling thread and the stack above `From`, as the
/// options ask. Of the frames whose rules are not known yet, at most
/// `MaxLookups` are looked up; if there are more, an excerpt is kept.
/// Cost: about 0.1 us, an excerpt less than 1 us, a lookup 0.15 us to 1 us.
void takeTrace(Trace &T, unsigned MaxLookups, Origin From);

/// The same up to the frames that the options ask for.
Trace completed(const Trace &T);

} // namespace heapfence

#endif // HEAPFENCE_TRACE_H
