// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where slots lie in the window: pure address arithmetic.
//
//   window, 1 GiB:  | chunk 0 | chunk 1 | ...                                |
//   chunk, 64 pages:|g|dd|g|dd|g|dd| ... |g|g|    g: guard page, never opened
//                                                 d: the slot's own pages
//   A chunk holds slots of one size class: class c has 2^c pages a slot. A
//   slot that does not fit into a chunk has several, one after the other. A
//   chunk of light slots has them side by side between two guard pages.

#ifndef HEAPFENCE_LAYOUT_H
#define HEAPFENCE_LAYOUT_H

#include "slot.h"

namespace heapfence {

inline constexpr size_t WindowSize = size_t(1) << WindowLog2;
/// Few: a closed page costs little, but not nothing, where it is closed first,
/// and in each fork.
inline constexpr unsigned ChunkPages = 64;
inline constexpr size_t MinPageSize = 4096, MaxPageSize = 65536;
/// With the smallest pages.
inline constexpr unsigned MaxChunkCount = WindowSize / MinPageSize / ChunkPages;
/// The largest object the pool takes, in bytes.
inline constexpr size_t MaxObjectSize = size_t(1) << 24;
/// Classes of 1, 2, 4 ... 4096 pages of 4 KiB; fewer with larger pages.
inline constexpr unsigned MaxClassCount = 13;
/// The largest alignment, in bytes.
inline constexpr size_t MaxAlignment = MaxObjectSize;
inline constexpr unsigned NoClass = ~0u;
/// The class of light slots: `LightBytes` each, on pages that stay open, with
/// no guard page between them.
inline constexpr unsigned LightClass = MaxClassCount;
inline constexpr size_t LightBytes = 512;
/// What a light slot keeps free on each side of its object, at least.
inline constexpr size_t LightMargin = 16;
/// The largest object of a light slot, in bytes.
inline constexpr size_t MaxLightSize = LightBytes - 2 * LightMargin;

inline bool isLight(const Slot &S) { return S.SizeClass == LightClass; }

/// What lies at an address of the window.
struct Place {
  uint32_t Slot = NoSlot;  ///< The slot whose pages hold it.
  uint32_t Left = NoSlot;  ///< On a guard page: the slot that ends before it,
  uint32_t Right = NoSlot; ///< and the slot that begins after it.
  bool IsInChunk = false;  ///< Some slots are laid out in this chunk.
};

/// Thread-safety: `addChunk` by one thread at a time; the rest at any time.
/// Signal-safety: safe.
class Layout {
public:
  void init(uintptr_t WindowBase, size_t PageBytes);

  uintptr_t base() const { return Base; }
  size_t pageSize() const { return PageSize; }
  size_t chunkSize() const { return PageSize * ChunkPages; }
  /// The chunks of the window.
  unsigned chunkLimit() const { return WindowSize / chunkSize(); }
  bool contains(uintptr_t Address) const { return Address - Base < WindowSize; }

  /// The class for an object of `Size` bytes, or `NoClass`.
  unsigned classOf(size_t Size) const;
  size_t slotBytes(unsigned Class) const {
    return Class == LightClass ? LightBytes : PageSize << Class;
  }
  /// At least one, in as many chunks as `chunksFor` says.
  unsigned slotsPerChunk(unsigned Class) const;
  /// The chunks that are laid out together.
  unsigned chunksFor(unsigned Class) const;

  /// How many slots `Class` may have where the smallest has `Slots`: each class
  /// has half as many as the one before, at least one; none if it is too large.
  uint32_t quotaOf(unsigned Class, uint32_t Slots) const;
  /// `Slots`, with pages of 4 KiB. Larger ones fill the window sooner: then as
  /// many halvings fewer as let all classes find room, and `LightSlots`.
  uint32_t slotsThatFit(uint32_t Slots, uint32_t LightSlots) const;

  /// Lays out the next free chunk, or chunks, for `Count` slots of `Class`, at
  /// most `slotsPerChunk`, numbered from `FirstSlot` on.
  /// Returns: false if the window has not so much left.
  [[nodiscard]] bool addChunk(unsigned Class, uint32_t FirstSlot,
                              uint32_t Count);
  unsigned chunkCount() const { return Used.loadAcquire(); }
  uintptr_t chunkBegin(unsigned Chunk) const {
    return Base + Chunk * chunkSize();
  }
  unsigned chunkClass(unsigned Chunk) const { return Chunks[Chunk].Class; }
  /// The first byte of slot number `Index` of a chunk, by the first of those
  /// that were laid out together.
  uintptr_t slotBegin(unsigned Chunk, unsigned Index) const;

  Place locate(uintptr_t Address) const;

  /// True if what a tool copied out of a process can be asked: its chunks have
  /// classes that there are, and slots below `SlotCount` that they can hold.
  bool isSound(uint32_t SlotCount) const;

  struct SlotRange {
    uint32_t First, Count;
  };
  /// The slots that begin in `Chunk`, below `chunkCount`. They are used one
  /// after the other.
  SlotRange slotsOf(unsigned Chunk) const {
    const struct Chunk &C = Chunks[Chunk];
    return {C.FirstSlot, C.First == Chunk ? C.Count : 0};
  }

private:
  struct Chunk {
    unsigned Class;
    unsigned First; ///< Of those that were laid out together.
    uint32_t FirstSlot, Count;
  };

  /// Chunks that hold `Count` slots.
  unsigned chunksOf(unsigned Class, uint32_t Count) const;
  /// From one slot of a chunk to the next.
  size_t stride(unsigned Class) const {
    return slotBytes(Class) + (Class == LightClass ? 0 : PageSize);
  }
  Place locateInLightChunk(const Chunk &C, size_t InChunk) const;

  uintptr_t Base = 0;
  size_t PageSize = 0;
  Atomic<unsigned> Used; ///< Chunks below it are laid out (release/acquire).
  Chunk Chunks[MaxChunkCount] = {};
};

} // namespace heapfence

#endif // HEAPFENCE_LAYOUT_H
