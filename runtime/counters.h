// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Process-wide event counts.
// Called from: slow path, signal handler, exit.

#ifndef HEAPFENCE_COUNTERS_H
#define HEAPFENCE_COUNTERS_H

#include "sync.h"

namespace heapfence {

enum class Counter : uint8_t {
#define HF_COUNTER(Id, Name, Text) Id,
#include "counters.def"
};

inline constexpr unsigned CounterCount = 0
#define HF_COUNTER(Id, Name, Text) +1
#include "counters.def"
    ;

extern Atomic<uint64_t> Counters[CounterCount];

/// Signal-safety: safe. Cost: one atomic addition.
inline void count(Counter C) {
  Counters[static_cast<unsigned>(C)].addRelaxed(1);
}

inline uint64_t counterValue(Counter C) {
  return Counters[static_cast<unsigned>(C)].loadRelaxed();
}

/// What the counter counts, for a person.
const char *counterText(Counter C);
/// The same in one word, for a program.
const char *counterName(Counter C);

} // namespace heapfence

#endif // HEAPFENCE_COUNTERS_H
