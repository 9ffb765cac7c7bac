// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a running process shows to `heapfence stat`, and lets `heapfence set`
// change. Included by the runtime and the tools.

#ifndef HEAPFENCE_CONTROL_H
#define HEAPFENCE_CONTROL_H

#include "heapfence/abi.h"

namespace heapfence {

inline constexpr uint64_t ControlMagic = 0x31656e6546706165; // "eapFene1"
inline constexpr uint32_t ControlVersion = 1;

/// What may be changed while the program runs.
struct Knobs {
  uint32_t IsOn;
  uint32_t BudgetPpm; ///< Of CPU time, in parts per million.
  uint32_t SampleEvery;
  uint32_t IntervalMs;
  uint32_t Burst;
  /// Written last; the runtime looks at the others when it has changed.
  uint32_t Generation;
};

/// Lies at the start of the page before the pool's window, which is aligned to
/// its size: so it is found in a process's memory map. Numbers that change stay
/// where the runtime has them; the block says where.
struct ControlBlock {
  uint64_t Magic;
  uint32_t Version;
  uint32_t Size; ///< sizeof(ControlBlock).
  Knobs Wanted;
  uint32_t CounterCount;
  uint32_t MaxLive;
  uint64_t Counters;    ///< Address of `CounterCount` uint64_t.
  uint64_t Live;        ///< Address of a uint32_t: live guarded objects.
  uint64_t SpentCycles; ///< Address of a uint64_t: time on the slow path,
  uint64_t CyclesPerMs; ///< and of a uint64_t: its unit.
};

} // namespace heapfence

#endif // HEAPFENCE_CONTROL_H
