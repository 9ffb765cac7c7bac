// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Address arithmetic of the window.

#include "layout.h"

namespace heapfence {

void Layout::init(uintptr_t WindowBase, size_t PageBytes) {
  Base = WindowBase;
  PageSize = PageBytes;
}

unsigned Layout::classOf(size_t Size) const {
  if (Size > MaxObjectSize)
    return NoClass;
  unsigned Class = 0;
  while (slotBytes(Class) < Size)
    ++Class;
  return Class;
}

unsigned Layout::slotsPerChunk(unsigned Class) const {
  // The first slot has a guard page before it, the last one after it.
  size_t Guards = Class == LightClass ? 2 * PageSize : PageSize;
  return (chunksFor(Class) * chunkSize() - Guards) / stride(Class);
}

unsigned Layout::chunksFor(unsigned Class) const {
  return (stride(Class) + PageSize + chunkSize() - 1) / chunkSize();
}

uint32_t Layout::quotaOf(unsigned Class, uint32_t Slots) const {
  if (slotBytes(Class) > MaxObjectSize)
    return 0;
  uint32_t Quota = Slots >> Class;
  return Quota ? Quota : 1;
}

unsigned Layout::chunksOf(unsigned Class, uint32_t Count) const {
  unsigned PerChunk = slotsPerChunk(Class);
  return (Count + PerChunk - 1) / PerChunk * chunksFor(Class);
}

uint32_t Layout::slotsThatFit(uint32_t Slots, uint32_t LightSlots) const {
  auto Fit = [&](uint32_t Slots) {
    unsigned Chunks = chunksOf(LightClass, LightSlots);
    for (unsigned C = 0; C != MaxClassCount; ++C)
      if (uint32_t Quota = quotaOf(C, Slots))
        Chunks += chunksOf(C, Quota);
    return Chunks <= chunkLimit();
  };
  if (PageSize == MinPageSize)
    return Slots;
  while (Slots > 1 && !Fit(Slots))
    Slots /= 2;
  return Slots;
}

bool Layout::addChunk(unsigned Class, uint32_t FirstSlot, uint32_t Count) {
  unsigned First = Used.loadRelaxed(), Span = chunksFor(Class);
  if (Span > chunkLimit() - First)
    return false;
  for (unsigned I = First; I != First + Span; ++I)
    Chunks[I] = {Class, First, FirstSlot, Count};
  // Pairs with the acquire in `locate`.
  Used.storeRelease(First + Span);
  return true;
}

uintptr_t Layout::slotBegin(unsigned Chunk, unsigned Index) const {
  return chunkBegin(Chunk) + PageSize + Index * stride(Chunks[Chunk].Class);
}

Place Layout::locateInLightChunk(const Chunk &C, size_t InChunk) const {
  Place Result;
  Result.IsInChunk = true;
  size_t Nth = (InChunk - PageSize) / LightBytes;
  if (InChunk < PageSize)
    Result.Right = C.FirstSlot;
  else if (Nth < C.Count)
    Result.Slot = C.FirstSlot + static_cast<uint32_t>(Nth);
  else
    Result.Left = C.FirstSlot + C.Count - 1;
  return Result;
}

bool Layout::isSound(uint32_t SlotCount) const {
  unsigned Count = Used.loadAcquire();
  if (PageSize < MinPageSize || PageSize > MaxPageSize ||
      PageSize & (PageSize - 1) || Base % WindowSize || Count > chunkLimit())
    return false;
  for (unsigned I = 0; I != Count; ++I) {
    const Chunk &C = Chunks[I];
    if (C.Class > LightClass || !C.Count || C.Count > slotsPerChunk(C.Class) ||
        C.FirstSlot > SlotCount || C.Count > SlotCount - C.FirstSlot)
      return false;
    // Those that were laid out together, one after the other, all alike.
    unsigned Span = chunksFor(C.Class);
    if (C.First > I || Span > Count || C.First > Count - Span ||
        I - C.First >= Span)
      return false;
    const Chunk &Before = Chunks[C.First == I ? I : I - 1];
    if (Before.First != C.First || Before.Class != C.Class ||
        Before.FirstSlot != C.FirstSlot || Before.Count != C.Count)
      return false;
  }
  return true;
}

Place Layout::locate(uintptr_t Address) const {
  Place Result;
  uintptr_t Offset = Address - Base;
  unsigned Index = Offset / chunkSize();
  if (Offset >= WindowSize || Index >= Used.loadAcquire())
    return Result;
  const Chunk &C = Chunks[Index];
  Result.IsInChunk = true;
  size_t InChunk = Offset - C.First * chunkSize();
  if (C.Class == LightClass)
    return locateInLightChunk(C, InChunk);
  unsigned Nth = InChunk / stride(C.Class);
  bool IsOnGuard = InChunk % stride(C.Class) < PageSize;
  if (!IsOnGuard) {
    if (Nth < C.Count)
      Result.Slot = C.FirstSlot + Nth;
    return Result;
  }
  if (Nth > 0 && Nth <= C.Count)
    Result.Left = C.FirstSlot + Nth - 1;
  if (Nth < C.Count)
    Result.Right = C.FirstSlot + Nth;
  return Result;
}

} // namespace heapfence
