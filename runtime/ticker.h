// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The thread that opens static branches from time to time. There is none where
// no module has any.
// Called from: module constructors, slow path.

#ifndef HEAPFENCE_TICKER_H
#define HEAPFENCE_TICKER_H

#include "sync.h"

namespace heapfence {

/// The thread is missing: in a forked child.
extern Atomic<bool> IsTickerMissing;

/// Starts the thread, if it was not yet.
void startTicker();

/// In a forked child: there is no thread. The child's first trip starts it.
void forgetTicker();

/// Starts the thread where it is missing. Cost: one load.
inline void ensureTicker() {
  if (__builtin_expect(IsTickerMissing.loadRelaxed(), false))
    startTicker();
}

} // namespace heapfence

#endif // HEAPFENCE_TICKER_H
