// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies the pool's tables, and makes sure that they can be worked with: the
// program, or who wrote the file, may have damaged them.

#include "pool_snapshot.h"
#include "thread.h"

#include <algorithm>
#include <cstdlib>
#include <type_traits>

namespace heapfence {

static_assert(std::is_trivially_copyable_v<Layout> &&
              std::is_trivially_copyable_v<Slot> &&
              std::is_trivially_copyable_v<Canary>);

std::unique_ptr<PoolSnapshot> PoolSnapshot::take(const TargetMemory &M,
                                                 const ObjectTables &Tables,
                                                 std::string &Problem) {
  constexpr uint32_t MostSlots = 1 << 22;
  if (Tables.LayoutSize != sizeof(Layout) || Tables.SlotSize != sizeof(Slot) ||
      Tables.ThreadStateSize != sizeof(ThreadState)) {
    Problem = "its HeapFence is of another version than this tool";
    return nullptr;
  }
  Problem = "HeapFence's tables in it cannot be read";
  std::unique_ptr<PoolSnapshot> P(new PoolSnapshot(M));
  auto Count = M.read<uint32_t>(Tables.SlotCount);
  if (!Count || *Count > MostSlots ||
      !M.read(Tables.Layout, &P->Map, sizeof(Layout)) ||
      !M.read(Tables.Canary, &P->Pattern, sizeof(Canary)))
    return nullptr;
  if (!P->Map.isSound(*Count)) {
    Problem = "HeapFence's tables in it are damaged";
    return nullptr;
  }
  P->Slots = std::vector<Slot>(*Count);
  if (!M.read(Tables.Slots, P->Slots.data(), *Count * sizeof(Slot)))
    return nullptr;
  P->dropDamaged();
  return P;
}

static bool isSound(const Trace &T) {
  return T.Count <= MaxTraceFrames && (T.Count || !T.WordCount) &&
         T.Count + T.WordCount <= MaxTraceWords;
}

bool PoolSnapshot::isSound(const Slot &S, uintptr_t Begin,
                           unsigned Class) const {
  constexpr unsigned Functions = 0
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) +1
#include "heapfence/heap_functions.def"
      ;
  size_t Bytes = Map.slotBytes(Class);
  SlotState State = S.State.loadRelaxed();
  return State <= SlotState::ReleasedHeld && S.Begin == Begin &&
         S.SizeClass == Class && unsigned(S.Callee) < Functions &&
         S.AlignLog2 < 64 && S.Address - Begin <= Bytes &&
         S.Size <= Bytes - (S.Address - Begin) &&
         heapfence::isSound(S.Allocation) &&
         (!hasRelease(State) || heapfence::isSound(S.Release));
}

void PoolSnapshot::dropDamaged() {
  std::vector<bool> IsPlaced(Slots.size());
  for (unsigned C = 0; C != Map.chunkCount(); ++C) {
    auto [First, Count] = Map.slotsOf(C);
    for (uint32_t I = 0; I != Count; ++I) {
      Slot &S = Slots[First + I];
      bool IsSound = isSound(S, Map.slotBegin(C, I), Map.chunkClass(C));
      if (hasObject(S.State.loadRelaxed()) && !IsSound) {
        ++Damaged;
        S.State.storeRelaxed(SlotState::Unused);
      }
      IsPlaced[First + I] = true;
    }
  }
  for (size_t I = 0; I != Slots.size(); ++I)
    if (!IsPlaced[I])
      Slots[I].State.storeRelaxed(SlotState::Unused);
}

namespace {

struct Free {
  void operator()(void *P) const { free(P); }
};
using Bytes = std::unique_ptr<char, Free>;

/// Nobody is at work on such a slot, and it is known what its slack should be.
bool hasSlack(const Slot &S) {
  SlotState State = S.State.loadRelaxed();
  return isLive(State) || (isLight(S) && State == SlotState::Freed);
}

/// Copies [P.Begin, P.Begin + P.Size). Returns: null if that is not known.
Bytes copyPages(const TargetMemory &M, PageRange P, size_t PageSize) {
  size_t Room = (P.Size + PageSize - 1) & ~(PageSize - 1);
  Bytes Copy(static_cast<char *>(aligned_alloc(PageSize, Room)));
  if (!Copy || !M.read(P.Begin, Copy.get(), P.Size))
    return nullptr;
  // In a core file, pages that were left out amid others read as zero. A word
  // of the pattern hardly ever is.
  bool IsAnything = std::any_of(Copy.get(), Copy.get() + P.Size,
                                [](char C) { return C != 0; });
  return IsAnything ? std::move(Copy) : nullptr;
}

} // namespace

bool PoolSnapshot::canCheck(uint32_t Index) const {
  const Slot &S = Slots[Index];
  PageRange P = openRange(S, Map.pageSize());
  return hasSlack(S) && (P.Size == S.Size || copyPages(M, P, Map.pageSize()));
}

std::optional<Corruption> PoolSnapshot::findCorruption(uint32_t Index) const {
  Slot S = Slots[Index];
  PageRange P = openRange(S, Map.pageSize());
  if (!hasSlack(S) || !P.Size)
    return std::nullopt;
  Bytes Copy = copyPages(M, P, Map.pageSize());
  if (!Copy)
    return std::nullopt;
  // The slot and the pattern as they would be where the copy is.
  uintptr_t Distance = reinterpret_cast<uintptr_t>(Copy.get()) - P.Begin;
  S.Begin += Distance;
  S.Address += Distance;
  Canary Moved = Pattern.moved(Distance);
  Slack Around = {Moved, Map.pageSize()};
  uintptr_t Changed = isLive(S.State.loadRelaxed())
                          ? Around.firstChange(S)
                          : Around.firstChangeInFreed(S);
  if (!Changed)
    return std::nullopt;
  Corruption Result = {Changed - Distance, Around.changesFrom(Changed, S)};
  Result.What.Begin -= Distance;
  return Result;
}

} // namespace heapfence
