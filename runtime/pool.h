// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Guarded pages for objects: takes, releases, and looks up slots. An ordinary
// object, so tests make their own.
// Called from: slow path, signal handler (const members only).

#ifndef HEAPFENCE_POOL_H
#define HEAPFENCE_POOL_H

#include "counters.h"
#include "heapfence/control.h"
#include "pages.h"
#include "slack.h"

namespace heapfence {

struct PoolConfig {
  GuardMode Guard = GuardMode::Auto;
  Placement Side = Placement::Random;
  uint32_t Slots = 0;   ///< Of one page; see `Layout::slotsThatFit`.
  uint32_t MaxLive = 0; ///< Objects on pages of their own,
  uint64_t MaxLiveBytes = ~uint64_t(0); ///< and of their slots.
  uint32_t LightSlots = 0;
};

/// A wish for a guarded object.
struct Request {
  size_t Size;
  size_t Alignment; ///< A power of two, at most `MaxAlignment`.
  HeapFunction Callee;
  uint64_t Random; ///< Chooses the side.
  /// Between canaries, not between closed pages: finds bad frees and writes, at
  /// an eighth of the cost.
  bool IsLight = false;
};

/// A slot, and what was seen of the one that would have been reused.
struct TakenSlot {
  Slot *Taken; ///< null: refused, and the reason is counted.
  /// A freed light slot that was written to since, and where; else `NoSlot`.
  uint32_t Corrupt = NoSlot;
  uintptr_t Changed = 0;
};

/// Why `Pool::release` took nothing.
enum class ReleaseError : uint8_t {
  None,
  DoubleFree,  ///< The object of that address is freed already.
  InvalidFree, ///< No object starts there.
};

struct ReleaseResult {
  ReleaseError Error;
  uint32_t Slot; ///< Whose pages it is on; `NoSlot` if it is on none's.
};

/// Nobody waits: a request that does not get the lock is refused, a release
/// needs none. So no member can deadlock, after fork or in a signal handler.
class Pool {
public:
  /// Returns: null, or what could not be had, for a person.
  /// Requires: called once, before any other member.
  const char *init(const PoolConfig &Config, uint64_t Random) HF_NO_ANALYSIS;

  /// Takes a slot and opens its pages. The object is zero. The caller fills in
  /// `Slot::Allocation` and its site, then calls `publish`. A freed light slot
  /// that was written to is not taken, but told.
  /// Thread-safety: safe. Signal-safety: safe.
  [[nodiscard]] TakenSlot take(const Request &R);
  void publish(Slot &S) { S.State.storeRelease(SlotState::Live); }

  /// Keeps the pages of the live object in slot `Index` open, until `letGo`.
  /// Returns: false if there is none, or somebody else holds it.
  /// Thread-safety: safe. Signal-safety: safe.
  [[nodiscard]] bool hold(uint32_t Index);
  void letGo(uint32_t Index);

  /// The first byte that was changed in the open pages of object `S`, outside
  /// of it; 0: none was.
  /// Thread-safety: by the thread that claimed or holds it.
  uintptr_t findCorruption(const Slot &S) const;
  /// The same for the freed light slot `Index`, whoever uses it meanwhile; 0
  /// also if it is another, or changed hands.
  uintptr_t findFreedCorruption(uint32_t Index) const;
  /// Where `Value` may have been read: it is the pattern's word beside a live
  /// object, or in a freed light one. 0: nowhere. Reads no object's memory.
  uintptr_t whereLeft(uint64_t Value) const;
  /// What was changed around `Address`, the first change in `S`.
  Changes changesFrom(uintptr_t Address, const Slot &S) const;

  /// Claims the live object at `Address` for the caller, who fills in
  /// `Slot::Release` and then calls `release`.
  /// Thread-safety: safe; of several callers one gets it.
  [[nodiscard]] ReleaseResult claim(uintptr_t Address);
  /// Closes the pages of a claimed object and queues its slot for reuse.
  void release(uint32_t Slot);

  /// Opens the page at `Address` so that a reported access goes on. `Slot` is
  /// the one reported: if it is freed, it is never reused.
  /// Returns: false if the system refused.
  [[nodiscard]] bool openAfterReport(uintptr_t Address, uint32_t Slot);

  /// Lets no slot refer to sites whose memory goes away.
  void forgetSites(const Site *Begin, const Site *End);

  bool owns(uintptr_t Address) const { return Map.contains(Address); }
  const Layout &layout() const { return Map; }
  /// Where the control block is to lie, on a page of its own.
  void *controlBlock() const {
    return reinterpret_cast<void *>(Map.base() - ControlDistance);
  }
  const Slot *slots() const { return Slots; }
  Slot &slot(uint32_t Index) const { return Slots[Index]; }
  uint32_t indexOf(const Slot &S) const { return uint32_t(&S - Slots); }
  /// Slots that may have held an object: indices below it.
  uint32_t slotCount() const { return SlotCount.loadAcquire(); }
  uint32_t liveCount() const { return Live.loadRelaxed(); }
  /// Of the slots of those.
  uint64_t liveBytes() const { return LiveBytes.loadRelaxed(); }
  /// Of light slots.
  uint32_t lightLiveCount() const { return LightLive.loadRelaxed(); }
  const uint32_t *liveCell() const { return Live.cell(); }
  const uint32_t *slotCountCell() const { return SlotCount.cell(); }
  const Canary &canary() const { return Pattern; }
  bool usesMarkers() const { return Memory.usesMarkers(); }

  /// Keep the pool consistent across fork: `lockForFork` in the parent before,
  /// `unlockAfterFork` in both after, if it returned true.
  [[nodiscard]] bool lockForFork() HF_NO_ANALYSIS;
  void unlockAfterFork() HF_NO_ANALYSIS;
  /// In a child: who laid out a chunk is not there.
  void forgetLaying() HF_NO_ANALYSIS;

private:
  /// Slots of one size class.
  struct SizeClass {
    uint32_t Quota = 0;      ///< Slots it may have.
    uint32_t Laid = 0;       ///< Slots it has had.
    unsigned Chunk = 0;      ///< Its last chunk,
    uint32_t ChunkSlots = 0; ///< the slots of that,
    uint32_t ChunkLeft = 0;  ///< those not yet used,
    uint32_t NextFresh = 0;  ///< and the first of them.
    uint32_t OldestFree = 0; ///< Queue through `Slot::Next`; `NoSlot` if empty.
    uint32_t NewestFree = 0;
    uint32_t FreeCount = 0; ///< Slots in the queue.
  };

  unsigned classFor(const Request &R) const;
  Atomic<uint32_t> &liveOf(unsigned Class) {
    return Class == LightClass ? LightLive : Live;
  }
  [[nodiscard]] bool enter(unsigned Class);
  void leave(unsigned Class);
  void finishRelease(Slot &S);
  /// A slot that is being taken.
  struct Taking {
    uint32_t Slot = NoSlot;
    /// Never used before: the place in its chunk.
    bool IsFresh = false;
    unsigned Chunk, InChunk;
    bool WantsChunk = false; ///< The class has no fresh slots left.
  };

  Counter takeSlot(unsigned Class, Taking &T);
  void takeFresh(unsigned Class, Taking &T) HF_REQUIRES(Mutex);
  void layOutChunk(unsigned Class);
  bool wantsChunk(unsigned Class);
  void addChunk(unsigned Class, unsigned Chunk) HF_REQUIRES(Mutex);
  uint32_t oldestFreeSlot(SizeClass &C) HF_REQUIRES(Mutex);
  void collectFreed() HF_REQUIRES(Mutex);
  void pushFreed(Slot &S);
  void place(Slot &S, const Request &R);
  bool openObject(Slot &S);
  void fillSlack(const Slot &S);
  Slack slack() const;
  bool closeAfterReport(Slot &S);

  // What changes most comes first, and `Map`, which is large, last: a fork
  // copies each page of which something is changed.
  Pages Memory;
  Slot *Slots = nullptr;
  Canary Pattern;
  Placement Side = Placement::Left;
  uint32_t MaxLive = 0, MaxLightLive = 0, MaxSlots = 0;
  uint64_t MaxLiveBytes = 0;
  Atomic<uint32_t> Live, LightLive, SlotCount;
  Atomic<uint64_t> LiveBytes; ///< Of the slots of `Live`.
  Atomic<uint64_t> LastSerial;
  /// Stack of freed slots on their way to the queues: index + 1, 0 is empty.
  Atomic<uint32_t> Freed;
  TryLock Mutex;
  TryLock Laying; ///< By who lays out a chunk, without `Mutex`.
  SizeClass Classes[LightClass + 1] HF_GUARDED_BY(Mutex);
  Layout Map;
};

} // namespace heapfence

#endif // HEAPFENCE_POOL_H
