// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the system's clocks.

#ifndef HEAPFENCE_CLOCK_H
#define HEAPFENCE_CLOCK_H

#include <stdint.h>
#include <time.h>

namespace heapfence {

/// The time of `Clock`, in ns. Thread-safety: safe. Signal-safety: safe.
inline uint64_t clockNs(clockid_t Clock) {
  struct timespec T = {};
  clock_gettime(Clock, &T);
  return uint64_t(T.tv_sec) * 1'000'000'000 + uint64_t(T.tv_nsec);
}

} // namespace heapfence

#endif // HEAPFENCE_CLOCK_H
