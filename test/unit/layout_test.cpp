// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, slots overlap, lack a guard page, or a fault is put down to
// the wrong object. Generated over all size classes of all page sizes; there
// is no memory behind the addresses.

#include "layout.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <tuple>
#include <vector>

using namespace heapfence;

namespace {

constexpr uintptr_t Base = 0x40000000;
constexpr size_t MaxPage = 64 * 1024;

/// A place as GoogleTest can compare and print it: slot, left, right, in chunk.
using Fields = std::tuple<uint32_t, uint32_t, uint32_t, bool>;

Fields fieldsOf(const Place &P) {
  return {P.Slot, P.Left, P.Right, P.IsInChunk};
}

/// What one call laid out, as it was asked for, and where.
struct Laid {
  unsigned Class;
  uint32_t FirstSlot, Count;
  unsigned Chunk, Span; ///< The first chunk, and how many there are.
};

/// A layout of many chunks, and what it is made of.
class LayoutTest : public testing::TestWithParam<size_t> {
protected:
  LayoutTest() {
    Map.init(Base, page());
    // Every class three times, mixed with each other: full chunks, the first
    // half of one, and a single slot.
    for (unsigned Share : {1, 2, 0})
      for (unsigned C = 0; C != classCount(); ++C)
        add(C, std::max(Share ? Map.slotsPerChunk(C) / Share : 1, 1u));
    add(0, Map.slotsPerChunk(0));
  }

  size_t page() const { return GetParam(); }

  unsigned classCount() const {
    unsigned Count = 0;
    while (page() << Count <= MaxObjectSize)
      ++Count;
    return Count;
  }

  void add(unsigned Class, uint32_t Count) {
    const unsigned Chunk = Map.chunkCount();
    ASSERT_TRUE(Map.addChunk(Class, SlotCount, Count));
    Chunks.push_back(
        {Class, SlotCount, Count, Chunk, Map.chunkCount() - Chunk});
    SlotCount += Count;
  }

  /// Calls `Visit(number, first byte, bytes, what it was laid out with)` for
  /// each slot.
  template <typename F> void forEachSlot(F Visit) {
    for (const Laid &C : Chunks)
      for (uint32_t I = 0; I != C.Count; ++I)
        Visit(C.FirstSlot + I, Map.slotBegin(C.Chunk, I),
              Map.slotBytes(C.Class), C);
  }
  uintptr_t beginOf(const Laid &C) const { return Map.chunkBegin(C.Chunk); }
  uintptr_t endOf(const Laid &C) const {
    return beginOf(C) + C.Span * Map.chunkSize();
  }

  /// What each page of the window is, told by a table and not by arithmetic.
  std::vector<Place> drawWindow() {
    std::vector<Place> Pages(WindowSize / page());
    for (size_t P = 0; P != Map.chunkCount() * Map.chunkSize() / page(); ++P)
      Pages[P].IsInChunk = true;
    forEachSlot([&](uint32_t Number, uintptr_t Begin, size_t Bytes, Laid) {
      const size_t First = (Begin - Base) / page();
      const size_t End = First + Bytes / page();
      for (size_t P = First; P != End; ++P)
        Pages[P].Slot = Number;
      Pages[First - 1].Right = Number;
      Pages[End].Left = Number;
    });
    return Pages;
  }

  Layout Map;
  std::vector<Laid> Chunks;
  uint32_t SlotCount = 0;
};

TEST_P(LayoutTest, SmallestClassThatHoldsTheSize) {
  std::vector<size_t> Sizes = {MaxObjectSize};
  for (size_t Size = 0; Size <= MaxPage; ++Size)
    Sizes.push_back(Size);
  for (size_t Size = MaxPage; Size < MaxObjectSize; Size += MaxPage / 8)
    for (size_t S : {Size - 1, Size, Size + 1})
      Sizes.push_back(S);
  for (size_t Size : Sizes) {
    const unsigned C = Map.classOf(Size);
    ASSERT_LT(C, classCount()) << Size;
    ASSERT_GE(Map.slotBytes(C), Size);
    ASSERT_TRUE(C == 0 || Map.slotBytes(C - 1) < Size) << Size;
  }
  for (size_t Size : {MaxObjectSize + 1, size_t(PTRDIFF_MAX), SIZE_MAX})
    EXPECT_EQ(Map.classOf(Size), NoClass);
}

TEST_P(LayoutTest, ClassesDoubleFromOnePageOn) {
  ASSERT_LE(classCount(), MaxClassCount);
  for (unsigned C = 0; C != classCount(); ++C)
    EXPECT_EQ(Map.slotBytes(C), page() << C);
}

TEST_P(LayoutTest, ChunksHoldAsManySlotsAsFit) {
  for (unsigned C = 0; C != classCount(); ++C) {
    const size_t Stride = Map.slotBytes(C) + page();
    const size_t Used = page() + Map.slotsPerChunk(C) * Stride;
    const size_t Space = Map.chunksFor(C) * Map.chunkSize();
    EXPECT_LE(Used, Space);
    EXPECT_GT(Used + Stride, Space);
    // Of several chunks none is there in vain.
    if (Map.chunksFor(C) > 1) {
      EXPECT_GT(Stride + page(), Space - Map.chunkSize());
    }
  }
}

TEST_P(LayoutTest, AGuardPageOnBothSidesOfEachSlot) {
  uintptr_t GuardEnd = 0; // Of the last chunk or slot seen.
  unsigned LastChunk = ~0u;
  forEachSlot([&](uint32_t, uintptr_t Begin, size_t Bytes, const Laid &C) {
    if (C.Chunk != LastChunk)
      GuardEnd = beginOf(C) + page();
    LastChunk = C.Chunk;
    ASSERT_EQ(Begin, GuardEnd) << "no slot, and no hole, before the guard page";
    ASSERT_EQ(Begin % page(), 0u);
    GuardEnd = Begin + Bytes + page();
    ASSERT_LE(GuardEnd, endOf(C));
  });
}

TEST_P(LayoutTest, LocateIsTheInverseOnEveryPageOfTheWindow) {
  const std::vector<Place> Pages = drawWindow();
  for (size_t P = 0; P != Pages.size(); ++P) {
    const uintptr_t Begin = Base + P * page();
    for (uintptr_t Address :
         {Begin, Begin + 1, Begin + page() / 2, Begin + page() - 1})
      ASSERT_EQ(fieldsOf(Map.locate(Address)), fieldsOf(Pages[P]))
          << std::hex << Address;
  }
}

TEST_P(LayoutTest, NobodysPagesBehindTheLastGuardPage) {
  for (const Laid &C : Chunks) {
    const uintptr_t GuardEnd =
        Map.slotBegin(C.Chunk, C.Count - 1) + Map.slotBytes(C.Class) + page();
    for (uintptr_t A = GuardEnd; A < endOf(C); A += page())
      ASSERT_EQ(fieldsOf(Map.locate(A)), Fields(NoSlot, NoSlot, NoSlot, true));
  }
}

TEST_P(LayoutTest, EachByteClassOfEachSlot) {
  forEachSlot(
      [&](uint32_t N, uintptr_t Begin, size_t Bytes, const Laid &Chunk) {
        const bool IsFirst = N == Chunk.FirstSlot;
        const bool IsLast = N == Chunk.FirstSlot + Chunk.Count - 1;
        const Fields Inside = {N, NoSlot, NoSlot, true};
        ASSERT_EQ(fieldsOf(Map.locate(Begin)), Inside);
        ASSERT_EQ(fieldsOf(Map.locate(Begin + Bytes - 1)), Inside);
        const Fields Before = {NoSlot, IsFirst ? NoSlot : N - 1, N, true};
        ASSERT_EQ(fieldsOf(Map.locate(Begin - 1)), Before);
        ASSERT_EQ(fieldsOf(Map.locate(Begin - page())), Before);
        const Fields After = {NoSlot, N, IsLast ? NoSlot : N + 1, true};
        ASSERT_EQ(fieldsOf(Map.locate(Begin + Bytes)), After);
        ASSERT_EQ(fieldsOf(Map.locate(Begin + Bytes + page() - 1)), After);
      });
}

TEST_P(LayoutTest, NothingOutsideTheChunks) {
  const Fields Nothing = fieldsOf(Place());
  const uintptr_t End = Base + Map.chunkCount() * Map.chunkSize();
  for (uintptr_t Address : {uintptr_t(0), Base - 1, End, End + Map.chunkSize(),
                            Base + WindowSize - 1, Base + WindowSize,
                            Base + 2 * WindowSize, ~uintptr_t(0)})
    EXPECT_EQ(fieldsOf(Map.locate(Address)), Nothing) << std::hex << Address;
  EXPECT_TRUE(Map.locate(End - 1).IsInChunk);
}

/// A pool that uses up its slots lays out all of them.
TEST_P(LayoutTest, SlotsOfAllClassesFindRoom) {
  constexpr uint32_t LightSlots = 1024;
  for (uint32_t Wanted : {1u, 100u, 4096u, 1u << 16}) {
    Layout Fresh;
    Fresh.init(Base, page());
    const uint32_t Slots = Fresh.slotsThatFit(Wanted, LightSlots);
    EXPECT_GE(Slots, 1u);
    EXPECT_LE(Slots, Wanted);
    if (page() == MinPageSize) {
      EXPECT_EQ(Slots, Wanted);
      continue;
    }
    // The largest first, as they would be the last to find room.
    uint32_t Next = 0;
    for (unsigned C = LightClass + 1; C-- != 0;) {
      uint32_t Left = C == LightClass ? LightSlots : Fresh.quotaOf(C, Slots);
      EXPECT_EQ(Left != 0, C == LightClass || C < classCount());
      while (Left) {
        const uint32_t Count = std::min(Left, Fresh.slotsPerChunk(C));
        ASSERT_TRUE(Fresh.addChunk(C, Next, Count)) << Wanted << ' ' << C;
        Next += Count;
        Left -= Count;
      }
    }
    // No fewer than necessary.
    if (Slots != Wanted)
      EXPECT_GT(Fresh.chunkCount(), Fresh.chunkLimit() / 4);
  }
}

TEST_P(LayoutTest, EachClassHasHalfAsManySlotsAsTheOneBefore) {
  Layout Fresh;
  Fresh.init(Base, page());
  for (unsigned C = 0; C != classCount(); ++C)
    EXPECT_EQ(Fresh.quotaOf(C, 1000), std::max(1000u >> C, 1u));
  for (unsigned C = classCount(); C < MaxClassCount; ++C)
    EXPECT_EQ(Fresh.quotaOf(C, 1000), 0u);
}

TEST_P(LayoutTest, ContainsTheWindowOnly) {
  EXPECT_TRUE(Map.contains(Base));
  EXPECT_TRUE(Map.contains(Base + WindowSize - 1));
  for (uintptr_t Address :
       {uintptr_t(0), Base - 1, Base + WindowSize, ~uintptr_t(0)})
    EXPECT_FALSE(Map.contains(Address));
}

TEST_P(LayoutTest, RefusesMoreChunksThanTheWindowHas) {
  // The largest do not fit any more, and lay out nothing, while others do.
  const unsigned Largest = classCount() - 1;
  while (Map.addChunk(Largest, SlotCount, 1))
    ++SlotCount;
  const unsigned Left = Map.chunkLimit() - Map.chunkCount();
  EXPECT_LT(Left, Map.chunksFor(Largest));
  for (unsigned C = 0; C != Left; ++C)
    ASSERT_TRUE(Map.addChunk(C % 2, SlotCount++, 1));
  EXPECT_FALSE(Map.addChunk(0, SlotCount, 1));
  EXPECT_EQ(Map.chunkCount(), Map.chunkLimit());
  EXPECT_EQ(Map.locate(Map.slotBegin(Map.chunkLimit() - 1, 0)).Slot,
            SlotCount - 1);
  EXPECT_EQ(Map.locate(Base + WindowSize).Slot, NoSlot);
}

TEST_P(LayoutTest, LightSlotsLieSideBySideBetweenGuardPages) {
  const uint32_t Count = Map.slotsPerChunk(LightClass);
  EXPECT_GE(Count * LightBytes + LightBytes, Map.chunkSize() - 2 * page());
  EXPECT_LE(Count * LightBytes, Map.chunkSize() - 2 * page());
  const unsigned Chunk = Map.chunkCount();
  constexpr uint32_t First = 1'000'000, Laid = 9;
  ASSERT_TRUE(Map.addChunk(LightClass, First, Laid));
  const uintptr_t Begin = Map.slotBegin(Chunk, 0);
  EXPECT_EQ(Begin, Map.chunkBegin(Chunk) + page());
  for (uint32_t I = 0; I != Laid; ++I) {
    EXPECT_EQ(Map.slotBegin(Chunk, I), Begin + I * LightBytes);
    for (size_t Byte : {size_t(0), LightBytes - 1}) {
      const Place At = Map.locate(Begin + I * LightBytes + Byte);
      EXPECT_EQ(At.Slot, First + I);
      EXPECT_EQ(At.Left, NoSlot);
      EXPECT_EQ(At.Right, NoSlot);
    }
  }
  const Place Before = Map.locate(Begin - 1);
  EXPECT_EQ(Before.Slot, NoSlot);
  EXPECT_EQ(Before.Right, First);
  const Place After = Map.locate(Begin + Laid * LightBytes);
  EXPECT_EQ(After.Slot, NoSlot);
  EXPECT_EQ(After.Left, First + Laid - 1);
  EXPECT_TRUE(After.IsInChunk);
}

TEST_P(LayoutTest, WhatIsUnsoundIsTold) {
  EXPECT_TRUE(Map.isSound(SlotCount));
  EXPECT_FALSE(Map.isSound(SlotCount - 1));
  // As they lie in memory: class, first chunk, first slot, count.
  const unsigned Next = Map.chunkCount(), Large = classCount() - 1;
  const std::array<unsigned, 4> Wrong[] = {
      {LightClass + 1, Next, SlotCount, 1},
      {NoClass, Next, SlotCount, 1},
      {0, Next, SlotCount, Map.slotsPerChunk(0) + 1},
      {0, Next, SlotCount, 0},
      {0, Next, ~0u, 2},
      {0, Next - 1, SlotCount, 1},
      {0, Next + 1, SlotCount, 1},
      {0, ~0u, SlotCount, 1},
      {Large, Next, SlotCount, 1}}; // More chunks than there are.
  for (const auto &W : Wrong) {
    Layout Copy = Map;
    ASSERT_TRUE(Copy.addChunk(0, SlotCount, 7));
    EXPECT_TRUE(Copy.isSound(SlotCount + 4096));
    const unsigned Right[] = {0, Next, SlotCount, 7};
    auto *Bytes = reinterpret_cast<char *>(&Copy);
    auto *At =
        static_cast<char *>(memmem(Bytes, sizeof(Copy), Right, sizeof(Right)));
    ASSERT_TRUE(At);
    memcpy(At, W.data(), sizeof(Right));
    EXPECT_FALSE(Copy.isSound(SlotCount + 4096)) << W[0] << ' ' << W[1];
  }
  for (auto [WindowBase, PageBytes] :
       {std::pair(Base + page(), page()), std::pair(Base, size_t(0)),
        std::pair(Base, page() + 1), std::pair(Base, 2 * MaxPage)}) {
    Layout Copy = Map;
    Copy.init(WindowBase, PageBytes);
    EXPECT_FALSE(Copy.isSound(SlotCount));
  }
}

TEST_P(LayoutTest, WhatIsSoundCanBeAsked) {
  std::mt19937 Draw(1);
  unsigned Sound = 0;
  for (unsigned Round = 0; Round != 20000; ++Round) {
    Layout Copy = Map;
    for (unsigned I = 0; I <= Round % 3; ++I)
      reinterpret_cast<unsigned char *>(&Copy)[Draw() % 512] =
          static_cast<unsigned char>(Draw());
    if (!Copy.isSound(SlotCount))
      continue;
    ++Sound;
    const Place At = Copy.locate(Copy.base() + Draw() % (1u << 26));
    for (uint32_t Slot : {At.Slot, At.Left, At.Right})
      EXPECT_TRUE(Slot == NoSlot || Slot < SlotCount);
  }
  EXPECT_GT(Sound, 10u);
}

INSTANTIATE_TEST_SUITE_P(PageSizes, LayoutTest,
                         testing::Values(4096, 16384, MaxPage));

} // namespace
