// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a process shows to `heapfence`, also from its core file, and lets
// `heapfence set` change. Included by the runtime and the tools.

#ifndef HEAPFENCE_CONTROL_H
#define HEAPFENCE_CONTROL_H

#include "heapfence/abi.h"

namespace heapfence {

inline constexpr uint64_t ControlMagic = 0x31656e6546706165; // "eapFene1"
inline constexpr uint32_t ControlVersion = 2;

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

/// Where the objects and the sites are described. The sizes tell a tool that
/// was built with other structs.
struct ObjectTables {
  uint32_t LayoutSize;      ///< sizeof(Layout),
  uint32_t SlotSize;        ///< of Slot,
  uint32_t ThreadStateSize; ///< and of ThreadState.
  uint32_t StackFrames;     ///< The most that a kept stack has.
  uint32_t ShowsBytes;      ///< Changed bytes may be shown.
  /// From one cell of `Modules` to the next, in bytes.
  uint32_t ModuleStride;
  uint64_t Layout;      ///< Address of the Layout,
  uint64_t Slots;       ///< of the table of Slot,
  uint64_t SlotCount;   ///< of a uint32_t: the used part of it,
  uint64_t Canary;      ///< of the Canary,
  uint64_t Modules;     ///< of cells with addresses of ModuleDescriptor, or 0,
  uint64_t ModuleCount; ///< of a uint32_t: how many cells are used,
  uint64_t ThreadCount; ///< and of a uint32_t: how many threads are numbered.
  /// Of a thread's ThreadState from its thread pointer, in bytes.
  int64_t ThreadStateDistance;
};

/// How many bytes before the pool's window the block lies: on the page before
/// it, of whatever size that is. A tool may see another one (under qemu).
inline constexpr uint64_t ControlDistance = 4096;

/// The window is aligned to its size: so the block is found in a process's
/// memory map. Numbers that change stay where the runtime has them; the block
/// says where.
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
  ObjectTables Objects;
};
static_assert(sizeof(ControlBlock) <= ControlDistance);

} // namespace heapfence

#endif // HEAPFENCE_CONTROL_H
