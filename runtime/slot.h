// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of one guarded object, present or past.

#ifndef HEAPFENCE_SLOT_H
#define HEAPFENCE_SLOT_H

#include "heapfence/abi.h"
#include "sync.h"
#include "unwind.h"

namespace heapfence {

inline constexpr unsigned MaxTraceFrames = 16;
/// What a trace keeps: return addresses, and an excerpt of the stack above
/// them.
inline constexpr unsigned MaxTraceWords = 32;

/// Who did something to an object, and from where.
struct Trace {
  /// The site, if the call told it: allocations and realloc do, where they are
  /// instrumented. That of another deallocation is found by the return address.
  const Site *Where;
  uint32_t Thread; ///< N of "thread TN".
  uint8_t Count;   ///< Frames in `Pcs`.
  UnwindMethod Method;
  /// Words of the excerpt, which begins at the last of `Pcs`. 0: there is none.
  uint8_t WordCount;
  uintptr_t RestSp, RestFp; ///< The registers there.
  /// Return addresses, innermost first; behind them the excerpt.
  uintptr_t Pcs[MaxTraceWords];
};

/// Unwinds the excerpt of `T`, if there is one, up to `MaxFrames` in all. For
/// reports. Signal-safety: as `unwindCfi`.
Trace completed(const Trace &T, unsigned MaxFrames);

/// Life of a slot: Unused -> Live -> Freeing -> Freed -> Live ..., or from
/// Freed to Retired. `Live` is entered with release, after the other fields
/// are written; whoever reads it with acquire may read them.
///
/// The pages of a slot that is held, to be looked at, stay open: a free goes
/// from LiveHeld to FreeingHeld and ReleasedHeld, and leaves it to the holder
/// to close them. Nobody waits.
enum class SlotState : uint8_t {
  Unused,  ///< Holds no object, and never did.
  Filling, ///< Being made ready for an object.
  Live,
  Freeing, ///< Claimed by a free; its pages are being closed.
  Freed,
  Retired, ///< Opened again after a report; never reused.
  LiveHeld,
  FreeingHeld,
  ReleasedHeld,
};

constexpr bool isLive(SlotState State) {
  return State == SlotState::Live || State == SlotState::LiveHeld;
}
/// The object is there, or was.
constexpr bool hasObject(SlotState State) {
  return State != SlotState::Unused && State != SlotState::Filling;
}
constexpr bool isGone(SlotState State) {
  return hasObject(State) && !isLive(State);
}
/// It is known who freed the object.
constexpr bool hasRelease(SlotState State) {
  return isGone(State) && State != SlotState::Freeing &&
         State != SlotState::FreeingHeld;
}

struct Slot {
  Atomic<SlotState> State;
  /// One report an object: set by the thread that reports it.
  Atomic<bool> IsReported;
  uint8_t SizeClass;
  HeapFunction Callee;  ///< The function that allocated the object.
  uint8_t AlignLog2;    ///< log2 of the alignment that call told; 0: not told.
  uint32_t Next;        ///< In one of the pool's free lists.
  uintptr_t Begin;      ///< First byte of the slot's pages.
  uintptr_t Address;    ///< Of the object.
  size_t Size;          ///< Of the object, in bytes, as requested.
  uint64_t Serial;      ///< 1 for the process's first guarded object.
  uint32_t SiteOrdinal; ///< 1 for the first object guarded at its site.
  uint32_t SiteIndex;   ///< Number of its site; `NoSiteIndex` without one.
  uint32_t Execution;   ///< Of its site, from 1; 0: not known.
  /// A report opened a page in or beside the slot.
  Atomic<bool> HasOpenedPages;
  Trace Allocation;
  Trace Release; ///< Valid where `hasRelease`.

  bool contains(uintptr_t A) const { return A - Address < Size; }
};

/// In bytes, as the call told it; 0: it did not.
inline size_t alignmentOf(const Slot &S) {
  return S.AlignLog2 ? size_t(1) << S.AlignLog2 : 0;
}

inline constexpr uint32_t NoSiteIndex = ~uint32_t(0);
inline constexpr uint32_t NoSlot = ~uint32_t(0);

} // namespace heapfence

#endif // HEAPFENCE_SLOT_H
