// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A copy of the pool's tables in a process that is looked at from outside, fit
// for the runtime's own judgement.

#ifndef HEAPFENCE_TOOLS_POOL_SNAPSHOT_H
#define HEAPFENCE_TOOLS_POOL_SNAPSHOT_H

#include "diagnose.h"
#include "heapfence/control.h"
#include "slack.h"
#include "target_memory.h"

#include <memory>

namespace heapfence {

/// Where the changes begin, and what they are.
struct Corruption {
  uint64_t Address;
  Changes What;
};

class PoolSnapshot {
public:
  /// Returns: null if the tables cannot be read, or are others than this
  /// tool's; `Problem` says so. `M` outlives the result.
  static std::unique_ptr<PoolSnapshot>
  take(const TargetMemory &M, const ObjectTables &Tables, std::string &Problem);

  PoolView view() const { return {Map, Slots.data(), slotCount()}; }
  bool owns(uint64_t Address) const { return Map.contains(Address); }
  /// The sites of its traces are addresses in the process.
  const Slot &slot(uint32_t Index) const { return Slots[Index]; }
  uint32_t slotCount() const { return static_cast<uint32_t>(Slots.size()); }
  /// Slots that hold what no runtime writes. They are taken for unused.
  uint32_t damagedCount() const { return Damaged; }

  /// What was written beside the live object of a slot, or to a freed light
  /// one. Nothing: as far as its memory can be read it is as it was.
  std::optional<Corruption> findCorruption(uint32_t Index) const;
  /// True if the memory that `findCorruption` looks at can be read.
  bool canCheck(uint32_t Index) const;

private:
  explicit PoolSnapshot(const TargetMemory &M) : M(M) {}
  bool isSound(const Slot &S, uintptr_t Begin, unsigned Class) const;
  void dropDamaged();

  const TargetMemory &M;
  Layout Map;
  Canary Pattern;
  std::vector<Slot> Slots;
  uint32_t Damaged = 0;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_POOL_SNAPSHOT_H
