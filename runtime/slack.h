// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an object's open pages hold besides it, and what was written there. Pure
// but for that memory, which may be a copy: tools read it from core files.
// Called from: slow path, signal handler, tools, tests.

#ifndef HEAPFENCE_SLACK_H
#define HEAPFENCE_SLACK_H

#include "canary.h"
#include "layout.h"

namespace heapfence {

struct PageRange {
  uintptr_t Begin;
  size_t Size; ///< In bytes.
};

/// What is open around `S`'s object: the pages that it touches, none for an
/// empty object, which is never accessible; or a light slot.
PageRange openRange(const Slot &S, size_t PageSize);

/// True if the slot of `S`, in `State`, is all pattern: a light one whose
/// object is freed, not while it is being freed.
inline bool isAllPattern(const Slot &S, SlotState State) {
  return isLight(S) &&
         (State == SlotState::Freed || State == SlotState::Retired);
}

/// What was written beside an object, or to one that was freed: the beginning
/// of it.
struct Changes {
  static constexpr unsigned MaxBytes = 64;

  uintptr_t Begin;  ///< Of `Bytes`; a multiple of 16.
  size_t Total;     ///< How many bytes changed, in all. 0: nothing is known.
  unsigned Count;   ///< Of `Bytes`.
  uint64_t Outside; ///< Bit N: byte N is none that should not have changed.
  uint64_t Changed; ///< Bit N: byte N changed.
  uint8_t Bytes[MaxBytes];
};

/// Each member looks at the memory around an object.
struct Slack {
  const Canary &Pattern;
  size_t PageSize; ///< In bytes.

  /// The first byte that was changed in the open pages of object `S`, outside
  /// of it; 0: none was.
  uintptr_t firstChange(const Slot &S) const;
  /// The same for all of a freed light slot.
  uintptr_t firstChangeInFreed(const Slot &S) const;
  /// What was changed around `Address`, the first change in `S`.
  Changes changesFrom(uintptr_t Address, const Slot &S) const;
};

} // namespace heapfence

#endif // HEAPFENCE_SLACK_H
