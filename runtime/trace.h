// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes the stack of a heap call.
// Called from: slow path.

#ifndef HEAPFENCE_TRACE_H
#define HEAPFENCE_TRACE_H

#include "heap.h"
#include "slot.h"

namespace heapfence {

/// Fills `T` with the calling thread and the stack above `From`, as the
/// options ask. Cost: about 0.1 us.
void takeTrace(Trace &T, Origin From);

} // namespace heapfence

#endif // HEAPFENCE_TRACE_H
