// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looks at the patterns beside all objects, also those that nobody frees, and
// reports what was changed.
// Called from: slow path, start-up and exit, fork, signal handler.

#ifndef HEAPFENCE_SWEEP_H
#define HEAPFENCE_SWEEP_H

#include "heap.h"

namespace heapfence {

/// At the end of the process: as far as there is time, or credit.
/// Signal-safety: safe. One at a time: a second one does nothing.
void sweepAtEnd(Origin From);

/// Before a fork: only if there is plenty of time.
void sweepAtFork(Origin From);

/// Where `sweep_interval_ms` has passed since the last time.
/// Thread-safety: safe. Signal-safety: safe.
void sweepIfDue(Origin From);

} // namespace heapfence

#endif // HEAPFENCE_SWEEP_H
