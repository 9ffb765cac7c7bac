// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, two objects share memory, an object lies where its overrun is
// not seen, memory is not zero, or an error of free is misjudged.

#include "child.h"
#include "pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

constexpr size_t MallocAlignment = 16;

char *bytes(uintptr_t Address) { return reinterpret_cast<char *>(Address); }

bool isZero(uintptr_t Address, size_t Size) {
  const char *Begin = bytes(Address);
  return std::all_of(Begin, Begin + Size, [](char C) { return C == 0; });
}

/// A pool, and its address space back at the end.
class TestPool : public Pool {
public:
  explicit TestPool(PoolConfig Config) {
    Failure = init(Config, /*Random=*/4711);
    EXPECT_EQ(Failure, nullptr);
  }
  ~TestPool() {
    uintptr_t Table = reinterpret_cast<uintptr_t>(slots());
    if (layout().base())
      munmap(bytes(Table), layout().base() + WindowSize - Table);
  }

  Slot *takeObject(size_t Size, size_t Alignment = MallocAlignment,
                   uint64_t Random = 0) {
    Slot *S = take({Size, Alignment, HeapFunction::Malloc, Random}).Taken;
    if (S)
      publish(*S);
    return S;
  }

  /// free
  ReleaseError freeAt(uintptr_t Address) {
    const ReleaseResult R = claim(Address);
    if (R.Error == ReleaseError::None)
      release(R.Slot);
    return R.Error;
  }
  void freeObject(const Slot *S) {
    ASSERT_EQ(freeAt(S->Address), ReleaseError::None);
  }

  size_t page() const { return layout().pageSize(); }
  size_t slotBytes(const Slot &S) const {
    return layout().slotBytes(S.SizeClass);
  }
  uintptr_t slotEnd(const Slot &S) const { return S.Begin + slotBytes(S); }

private:
  const char *Failure;
};

/// How often `C` was counted since this was made.
class CountOf {
public:
  explicit CountOf(Counter C) : C(C), Before(counterValue(C)) {}
  uint64_t value() const { return counterValue(C) - Before; }

private:
  Counter C;
  uint64_t Before;
};

bool hasMarkers() {
  Pages P;
  const uintptr_t Base = P.reserve(1 << 21, 1);
  const bool Works = P.choose(GuardMode::Markers, Base);
  munmap(bytes(Base), 1 << 21);
  return Works;
}

/// Both ways to close a page.
class PoolTest : public testing::TestWithParam<GuardMode> {
protected:
  void SetUp() override {
    if (GetParam() == GuardMode::Markers && !hasMarkers())
      GTEST_SKIP() << "this kernel has no guard markers";
  }

  PoolConfig config(uint32_t Slots, Placement Side = Placement::Random,
                    uint32_t MaxLive = 1 << 16) const {
    PoolConfig C;
    C.Guard = GetParam();
    C.Side = Side;
    C.Slots = Slots;
    C.MaxLive = MaxLive;
    return C;
  }
};

INSTANTIATE_TEST_SUITE_P(Modes, PoolTest,
                         testing::Values(GuardMode::Markers,
                                         GuardMode::Mprotect),
                         [](const auto &Info) {
                           return Info.param == GuardMode::Markers ? "Markers"
                                                                   : "Mprotect";
                         });

/// Sizes around all the edges up to the largest object.
std::vector<size_t> edgeSizes() {
  std::vector<size_t> Result;
  for (size_t Size = 1; Size <= MaxObjectSize; Size *= 2)
    for (size_t S : {Size - 1, Size, Size + 1, Size + Size / 2})
      if (S && S <= MaxObjectSize)
        Result.push_back(S);
  return Result;
}

// What an object is.

TEST_P(PoolTest, UsesTheModeAskedFor) {
  TestPool P(config(1));
  EXPECT_EQ(P.usesMarkers(), GetParam() == GuardMode::Markers);
}

TEST_P(PoolTest, OneByteObject) {
  TestPool P(config(1));
  const Slot *S = P.takeObject(1);
  ASSERT_TRUE(S);
  EXPECT_EQ(S->Size, 1u);
  EXPECT_TRUE(P.owns(S->Address));
  EXPECT_TRUE(S->contains(S->Address));
  EXPECT_FALSE(S->contains(S->Address + 1));
  EXPECT_FALSE(S->contains(S->Address - 1));
  EXPECT_EQ(P.indexOf(*S), P.layout().locate(S->Address).Slot);
}

TEST_P(PoolTest, OwnsTheWindowOnly) {
  TestPool P(config(1));
  const uintptr_t Base = P.layout().base();
  EXPECT_TRUE(P.owns(Base));
  EXPECT_TRUE(P.owns(Base + WindowSize - 1));
  for (uintptr_t A : {uintptr_t(0), Base - 1, Base + WindowSize, ~uintptr_t(0)})
    EXPECT_FALSE(P.owns(A));
}

TEST_P(PoolTest, AllSizesAreExactZeroAndWritable) {
  TestPool P(config(256));
  for (size_t Size : edgeSizes()) {
    const Slot *S = P.takeObject(Size);
    ASSERT_TRUE(S) << Size;
    EXPECT_EQ(S->Size, Size);
    EXPECT_GE(S->Address, S->Begin);
    EXPECT_LE(S->Address + Size, P.slotEnd(*S));
    ASSERT_TRUE(isZero(S->Address, Size)) << Size;
    memset(bytes(S->Address), 0xa5, Size);
    EXPECT_FALSE(isReadable(S->Begin - 1));
    EXPECT_FALSE(isReadable(P.slotEnd(*S)));
    // There are few of the large ones.
    if (Size > 1 << 16)
      P.freeObject(S);
  }
}

TEST_P(PoolTest, OnlyThePagesOfTheObjectAreOpen) {
  for (Placement Side : {Placement::Left, Placement::Right}) {
    TestPool P(config(64, Side));
    for (size_t Size : edgeSizes()) {
      const Slot *S = P.takeObject(Size);
      ASSERT_TRUE(S);
      for (uintptr_t A = S->Begin; A != P.slotEnd(*S); A += P.page()) {
        const bool HoldsObject =
            A < S->Address + Size && A + P.page() > S->Address;
        ASSERT_EQ(isReadable(A), HoldsObject) << Size;
      }
      P.freeObject(S);
    }
  }
}

TEST_P(PoolTest, SmallestClassThatHoldsTheObject) {
  TestPool P(config(64));
  for (size_t Size : edgeSizes()) {
    const Slot *S = P.takeObject(Size);
    ASSERT_TRUE(S);
    EXPECT_EQ(S->SizeClass, P.layout().classOf(Size));
    if (Size > 1 << 16)
      P.freeObject(S);
  }
}

TEST_P(PoolTest, RemembersTheRequest) {
  TestPool P(config(8));
  for (uint64_t Serial = 1; Serial != 9; ++Serial) {
    Slot *S = P.take({Serial, 1, HeapFunction::NewArray, Serial}).Taken;
    ASSERT_TRUE(S);
    EXPECT_EQ(S->State.loadRelaxed(), SlotState::Filling);
    EXPECT_EQ(S->Serial, Serial);
    EXPECT_EQ(S->Callee, HeapFunction::NewArray);
    EXPECT_FALSE(S->IsReported.loadRelaxed());
    P.publish(*S);
    EXPECT_EQ(S->State.loadRelaxed(), SlotState::Live);
  }
}

TEST_P(PoolTest, EachObjectOfASlotMayReport) {
  TestPool P(config(1));
  for (int I = 0; I != 3; ++I) {
    Slot *S = P.take({1, 1, HeapFunction::Malloc, 0}).Taken;
    ASSERT_TRUE(S);
    EXPECT_FALSE(S->IsReported.exchangeAcqRel(true));
    P.publish(*S);
    P.freeObject(S);
  }
}

// Where an object lies.

TEST_P(PoolTest, ExactPositions) {
  struct {
    size_t Size, Alignment;
    size_t FromRight; ///< Bytes between the object and its slot's end.
  } Cases[] = {
      {1, 1, 0},         {1, 16, 15},     {2, 2, 0},       {3, 2, 1},
      {5, 4, 3},         {7, 1, 0},       {8, 8, 0},       {9, 8, 7},
      {15, 8, 1},        {16, 16, 0},     {17, 16, 15},    {24, 16, 8},
      {24, 8, 0},        {100, 16, 12},   {1, 64, 63},     {65, 64, 63},
      {4000, 16, 0},     {4001, 16, 15},  {4095, 1, 0},    {4095, 16, 1},
      {4096, 16, 0},     {4096, 4096, 0}, {1, 4096, 4095}, {1000, 2048, 1048},
      {3000, 2048, 1096}};
  TestPool Left(config(4, Placement::Left)), Right(config(4, Placement::Right));
  for (auto &C : Cases) {
    SCOPED_TRACE(testing::Message() << C.Size << " aligned to " << C.Alignment);
    const Slot *L = Left.takeObject(C.Size, C.Alignment);
    const Slot *R = Right.takeObject(C.Size, C.Alignment);
    ASSERT_TRUE(L && R);
    EXPECT_EQ(L->Address, L->Begin);
    EXPECT_EQ(Right.slotEnd(*R) - (R->Address + C.Size), C.FromRight);
    Left.freeObject(L);
    Right.freeObject(R);
  }
}

TEST_P(PoolTest, AsFarRightAsTheAlignmentLets) {
  TestPool P(config(8, Placement::Right));
  for (size_t Size : edgeSizes())
    for (size_t Alignment = 1; Alignment <= P.page(); Alignment *= 2) {
      const Slot *S = P.takeObject(Size, Alignment);
      ASSERT_TRUE(S);
      ASSERT_EQ(S->Address % Alignment, 0u);
      ASSERT_GE(S->Address, S->Begin);
      ASSERT_LE(S->Address + Size, P.slotEnd(*S));
      ASSERT_GT(S->Address + Size + Alignment, P.slotEnd(*S))
          << Size << ' ' << Alignment;
      P.freeObject(S);
    }
}

TEST_P(PoolTest, AtTheVeryLeft) {
  TestPool P(config(8, Placement::Left));
  for (size_t Size : edgeSizes()) {
    const Slot *S = P.takeObject(Size);
    ASSERT_TRUE(S);
    EXPECT_EQ(S->Address, S->Begin);
    P.freeObject(S);
  }
}

TEST_P(PoolTest, TheDrawChoosesTheSide) {
  TestPool P(config(64));
  for (uint64_t Draw = 0; Draw != 64; ++Draw) {
    const Slot *S = P.takeObject(32, 16, Draw);
    ASSERT_TRUE(S);
    EXPECT_EQ(S->Address, Draw & 1 ? P.slotEnd(*S) - 32 : S->Begin);
  }
}

TEST_P(PoolTest, EmptyObjectsAreDistinctAlignedAndNeverAccessible) {
  for (Placement Side : {Placement::Left, Placement::Right}) {
    TestPool P(config(32, Side));
    std::set<uintptr_t> Seen;
    for (size_t Alignment = 1; Alignment <= P.page(); Alignment *= 2) {
      const Slot *S = P.takeObject(0, Alignment);
      ASSERT_TRUE(S);
      EXPECT_TRUE(Seen.insert(S->Address).second);
      EXPECT_EQ(S->Address % Alignment, 0u);
      EXPECT_EQ(P.layout().locate(S->Address).Slot, P.indexOf(*S));
      EXPECT_FALSE(S->contains(S->Address));
      for (uintptr_t A = S->Begin - 1; A < P.slotEnd(*S) + P.page();
           A += P.page())
        EXPECT_FALSE(isReadable(A));
    }
    for (uintptr_t A : Seen)
      EXPECT_EQ(P.freeAt(A), ReleaseError::None);
    for (uintptr_t A : Seen)
      EXPECT_EQ(P.freeAt(A), ReleaseError::DoubleFree);
  }
}

// What is refused.

TEST_P(PoolTest, RefusesWhatIsTooLarge) {
  TestPool P(config(4));
  const CountOf Refused(Counter::RefusedSize);
  for (size_t Size : {MaxObjectSize + 1, 2 * MaxObjectSize, size_t(PTRDIFF_MAX),
                      SIZE_MAX - 1, SIZE_MAX})
    EXPECT_FALSE(P.takeObject(Size)) << Size;
  EXPECT_EQ(Refused.value(), 5u);
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, RefusesAlignmentsItCannotKeep) {
  TestPool P(config(4));
  const CountOf Refused(Counter::RefusedAlignment);
  const size_t Bad[] = {2 * MaxAlignment, size_t(1) << 62, SIZE_MAX, 0, 3, 12,
                        P.page() - 1};
  for (size_t Alignment : Bad)
    for (size_t Size : {0, 1, 100})
      EXPECT_FALSE(P.takeObject(Size, Alignment)) << Alignment;
  // Each of them for itself would do.
  EXPECT_FALSE(P.takeObject(MaxObjectSize, 2 * P.page()));
  EXPECT_FALSE(P.takeObject(P.page() + 1, MaxAlignment));
  EXPECT_EQ(Refused.value(), 3 * std::size(Bad) + 2);
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, AlignmentsBeyondAPage) {
  for (Placement Side : {Placement::Left, Placement::Right}) {
    TestPool P(config(1024, Side));
    for (size_t Alignment = 2 * P.page(); Alignment <= size_t(1) << 20;
         Alignment *= 2)
      for (size_t Size : {size_t(0), size_t(1), size_t(100), P.page(),
                          P.page() + 1, Alignment, 3 * Alignment + 8})
        for (int I = 0; I != 3; ++I) {
          const Slot *S = P.takeObject(Size, Alignment);
          ASSERT_TRUE(S) << Alignment << ' ' << Size;
          ASSERT_EQ(S->Address % Alignment, 0u) << Size;
          ASSERT_GE(S->Address, S->Begin);
          ASSERT_LE(S->Address + Size, P.slotEnd(*S));
          ASSERT_LT(S->Address, P.slotEnd(*S));
          ASSERT_EQ(isReadable(S->Address), Size != 0);
          if (Size) {
            ASSERT_TRUE(isReadable(S->Address + Size - 1));
          }
          ASSERT_FALSE(isReadable(S->Begin - 1));
          ASSERT_FALSE(
              isReadable((S->Address + Size + P.page() - 1) & ~(P.page() - 1)));
          P.freeObject(S);
        }
  }
}

TEST_P(PoolTest, EverySlotOfEveryClassCanBeUsedAtOnce) {
  for (uint32_t Slots : {1, 2, 128, 300}) {
    TestPool P(config(Slots));
    std::set<uint32_t> Indices;
    std::vector<std::pair<uintptr_t, uintptr_t>> Ranges;
    const CountOf Refused(Counter::RefusedSlots);
    unsigned Classes = 0;
    for (size_t Size = P.page(); Size <= MaxObjectSize; Size *= 2, ++Classes) {
      const uint32_t Quota = std::max(Slots >> Classes, 1u);
      for (uint32_t I = 0; I != Quota; ++I) {
        const Slot *S = P.takeObject(Size);
        ASSERT_TRUE(S) << I << " of " << Quota;
        ASSERT_TRUE(Indices.insert(P.indexOf(*S)).second);
        ASSERT_EQ(P.layout().locate(S->Address).Slot, P.indexOf(*S));
        Ranges.push_back({S->Begin, P.slotEnd(*S)});
      }
      EXPECT_FALSE(P.takeObject(Size));
    }
    EXPECT_EQ(Refused.value(), Classes);
    EXPECT_EQ(P.liveCount(), Indices.size());
    std::sort(Ranges.begin(), Ranges.end());
    for (size_t I = 1; I < Ranges.size(); ++I)
      EXPECT_GE(Ranges[I].first, Ranges[I - 1].second + P.page());
  }
}

TEST_P(PoolTest, ASizeClassDoesNotUseAnothersSlots) {
  TestPool P(config(2));
  ASSERT_TRUE(P.takeObject(1) && P.takeObject(1));
  EXPECT_FALSE(P.takeObject(1)) << "although larger slots are free";
  EXPECT_TRUE(P.takeObject(P.page() + 1));
}

TEST_P(PoolTest, LiveObjectsAreLimited) {
  TestPool P(config(100, Placement::Random, /*MaxLive=*/3));
  const CountOf Refused(Counter::RefusedLive);
  std::vector<const Slot *> Live;
  for (int I = 0; I != 3; ++I) {
    Live.push_back(P.takeObject(size_t(I) * 5000));
    ASSERT_TRUE(Live.back());
  }
  EXPECT_FALSE(P.takeObject(1));
  EXPECT_FALSE(P.takeObject(1));
  EXPECT_EQ(Refused.value(), 2u);
  EXPECT_EQ(P.liveCount(), 3u);
  P.freeObject(Live[1]);
  EXPECT_EQ(P.liveCount(), 2u);
  EXPECT_TRUE(P.takeObject(1));
  EXPECT_FALSE(P.takeObject(1));
}

TEST_P(PoolTest, LiveMemoryIsLimitedInBytes) {
  PoolConfig Config = config(16);
  Config.LightSlots = 4;
  const size_t Page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  Config.MaxLiveBytes = 4 * Page;
  TestPool P(Config);
  const CountOf Refused(Counter::RefusedLive);
  const Slot *One = P.takeObject(1), *Two = P.takeObject(Page + 1);
  ASSERT_TRUE(One && Two);
  EXPECT_FALSE(P.takeObject(2 * Page)) << "a page is left";
  EXPECT_EQ(Refused.value(), 1u);
  EXPECT_EQ(P.liveCount(), 2u);
  const Slot *Last = P.takeObject(Page);
  ASSERT_TRUE(Last);
  EXPECT_FALSE(P.takeObject(1));
  const Slot *Light = P.take({32, 16, HeapFunction::Malloc, 0, true}).Taken;
  EXPECT_TRUE(Light) << "their memory is bounded by their number";
  P.freeObject(Two);
  EXPECT_FALSE(P.takeObject(2 * Page + 1)) << "takes four";
  EXPECT_TRUE(P.takeObject(2 * Page));
  EXPECT_FALSE(P.takeObject(1));
}

TEST_P(PoolTest, RefusalsTakeNothing) {
  TestPool P(config(1, Placement::Random, /*MaxLive=*/2));
  const Slot *S = P.takeObject(1);
  ASSERT_TRUE(S);
  for (int I = 0; I != 1000; ++I)
    ASSERT_FALSE(P.takeObject(1));
  EXPECT_EQ(P.liveCount(), 1u);
  P.freeObject(S);
  EXPECT_TRUE(P.takeObject(1));
}

// Reuse.

class ReuseTest : public testing::TestWithParam<uint32_t> {
protected:
  PoolConfig config() const {
    PoolConfig C;
    C.Slots = GetParam();
    C.MaxLive = 1;
    return C;
  }
};

TEST_P(ReuseTest, NotBeforeItIsNecessary) {
  TestPool P(config());
  std::vector<uintptr_t> Order;
  for (uint32_t I = 0; I != GetParam(); ++I) {
    const Slot *S = P.takeObject(8);
    ASSERT_TRUE(S);
    ASSERT_EQ(std::count(Order.begin(), Order.end(), S->Begin), 0);
    Order.push_back(S->Begin);
    P.freeObject(S);
  }
  // From now on in the order of the frees, as often as asked.
  for (uint32_t I = 0; I != 5 * GetParam(); ++I) {
    const Slot *S = P.takeObject(8);
    ASSERT_TRUE(S);
    ASSERT_EQ(S->Begin, Order[I % GetParam()]);
    P.freeObject(S);
  }
}

INSTANTIATE_TEST_SUITE_P(Slots, ReuseTest,
                         testing::Values(1, 2, 127, 128, 129, 255, 256, 511));

TEST_P(PoolTest, OldestFreedFirstInEachClass) {
  constexpr uint32_t Slots = 64;
  TestPool P(config(Slots));
  std::mt19937 Random(42);
  std::map<unsigned, std::deque<const Slot *>> Freed;
  std::map<unsigned, uint32_t> Fresh;
  std::vector<const Slot *> Live;
  for (int I = 0; I != 5000; ++I) {
    const size_t Size = (size_t(1) << Random() % 17) - Random() % 2;
    const unsigned Class = P.layout().classOf(Size);
    if (Random() % 2) {
      const Slot *S = P.takeObject(Size);
      const uint32_t Quota = std::max(Slots >> Class, 1u);
      if (Fresh[Class] < Quota) {
        ASSERT_TRUE(S);
        ++Fresh[Class];
      } else if (Freed[Class].empty()) {
        ASSERT_FALSE(S);
      } else {
        ASSERT_EQ(S, Freed[Class].front());
        Freed[Class].pop_front();
      }
      if (S)
        Live.push_back(S);
    } else if (!Live.empty()) {
      const size_t Nth = Random() % Live.size();
      P.freeObject(Live[Nth]);
      Freed[Live[Nth]->SizeClass].push_back(Live[Nth]);
      Live.erase(Live.begin() + long(Nth));
    }
  }
}

TEST_P(PoolTest, RecycledMemoryIsZero) {
  for (Placement Side : {Placement::Left, Placement::Right}) {
    TestPool P(config(1, Side));
    std::mt19937 Random(7);
    for (int I = 0; I != 300; ++I) {
      // Large ones too, but seldom.
      const size_t Size = 1 + Random() % (I % 25 ? 1 << 16 : MaxObjectSize);
      const Slot *S = P.takeObject(Size);
      ASSERT_TRUE(S);
      ASSERT_TRUE(isZero(S->Address, Size));
      // All that is open, slack included.
      const uintptr_t First = S->Address & ~(P.page() - 1);
      const uintptr_t End =
          (S->Address + Size + P.page() - 1) & ~(P.page() - 1);
      memset(bytes(First), 0xa5, End - First);
      P.freeObject(S);
      ASSERT_FALSE(isReadable(S->Address));
      ASSERT_FALSE(isReadable(S->Address + Size - 1));
    }
  }
}

// Free, and its errors.

TEST_P(PoolTest, FreeingClosesAndCounts) {
  TestPool P(config(4));
  const CountOf Freed(Counter::Freed);
  const Slot *S = P.takeObject(3 * P.page());
  ASSERT_TRUE(S);
  const ReleaseResult R = P.claim(S->Address);
  EXPECT_EQ(R.Error, ReleaseError::None);
  EXPECT_EQ(R.Slot, P.indexOf(*S));
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freeing);
  EXPECT_EQ(Freed.value(), 0u);
  P.release(R.Slot);
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freed);
  EXPECT_EQ(Freed.value(), 1u);
  EXPECT_EQ(P.liveCount(), 0u);
  for (uintptr_t A = S->Begin; A != P.slotEnd(*S); A += P.page())
    EXPECT_FALSE(isReadable(A));
}

TEST_P(PoolTest, SecondFree) {
  TestPool P(config(4));
  const Slot *S = P.takeObject(10);
  ASSERT_TRUE(S);
  P.freeObject(S);
  for (int I = 0; I != 3; ++I) {
    const ReleaseResult R = P.claim(S->Address);
    EXPECT_EQ(R.Error, ReleaseError::DoubleFree);
    EXPECT_EQ(R.Slot, P.indexOf(*S));
  }
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, SecondFreeWhileTheFirstIsUnderWay) {
  TestPool P(config(4));
  const Slot *S = P.takeObject(10);
  ASSERT_EQ(P.claim(S->Address).Error, ReleaseError::None);
  EXPECT_EQ(P.claim(S->Address).Error, ReleaseError::DoubleFree);
  P.release(P.indexOf(*S));
  EXPECT_EQ(P.claim(S->Address).Error, ReleaseError::DoubleFree);
}

TEST_P(PoolTest, FreeOfWhatIsNoObject) {
  for (Placement Side : {Placement::Left, Placement::Right}) {
    TestPool P(config(4, Side));
    const Slot *S = P.takeObject(40, 8);
    ASSERT_TRUE(S);
    const uint32_t N = P.indexOf(*S);
    const uintptr_t Unused = P.layout().slotBegin(0, 3);
    struct {
      const char *What;
      uintptr_t Address;
      uint32_t Slot;
    } Cases[] = {
        {"inside", S->Address + 1, N},
        {"last byte", S->Address + 39, N},
        {"slack or last byte", P.slotEnd(*S) - 1, N},
        {"guard page before", S->Begin - 1, NoSlot},
        {"guard page behind", P.slotEnd(*S), NoSlot},
        {"slot never used", Unused, P.layout().locate(Unused).Slot},
        {"chunk never used", P.layout().base() + 3 * P.layout().chunkSize(),
         NoSlot},
        {"last byte of the window", P.layout().base() + WindowSize - 1, NoSlot},
    };
    for (int IsFreed : {0, 1}) {
      for (auto &C : Cases) {
        if (C.Address == S->Address)
          continue;
        const ReleaseResult R = P.claim(C.Address);
        EXPECT_EQ(R.Error, ReleaseError::InvalidFree) << C.What;
        EXPECT_EQ(R.Slot, C.Slot) << C.What;
      }
      if (!IsFreed) {
        EXPECT_TRUE(isReadable(S->Address)) << "the object lives on";
        P.freeObject(S);
      }
    }
    EXPECT_EQ(P.liveCount(), 0u);
  }
}

TEST_P(PoolTest, FreeInPartsOfAChunkThatHaveNoSlots) {
  // The first chunk has one slot; the next slot number lies in the second.
  TestPool P(config(1, Placement::Left));
  const Slot *Small = P.takeObject(1);
  const Slot *Large = P.takeObject(P.page() + 1);
  ASSERT_TRUE(Small && Large);
  for (uintptr_t A = P.slotEnd(*Small);
       A < P.layout().base() + P.layout().chunkSize(); A += P.page()) {
    const ReleaseResult R = P.claim(A);
    ASSERT_EQ(R.Error, ReleaseError::InvalidFree);
    ASSERT_EQ(R.Slot, NoSlot);
  }
}

TEST_P(PoolTest, OfTwoFreesOneGetsTheObject) {
  TestPool P(config(8));
  constexpr unsigned Rounds = 20'000;
  uintptr_t Current = 0;
  std::atomic<unsigned> Winners = 0, Losers = 0, Arrived = 0;
  // Between two rounds one thread alone takes the next object.
  std::barrier Gate(2, [&]() noexcept {
    const Slot *S = P.takeObject(16);
    Current = S ? S->Address : 0;
  });
  const auto Free = [&](unsigned Seed) {
    std::minstd_rand Random(Seed);
    for (unsigned Round = 1; Round <= Rounds; ++Round) {
      Gate.arrive_and_wait();
      // At the same moment, as near as can be, or one a little later.
      ++Arrived;
      for (int I = 0; Arrived < 2 * Round; ++I)
        if (I > 1000)
          std::this_thread::yield();
      for (unsigned I = Random() % 48; I; --I)
        asm volatile("");
      ++(P.freeAt(Current) == ReleaseError::None ? Winners : Losers);
    }
  };
  std::thread Other(Free, 1);
  Free(2);
  Other.join();
  EXPECT_EQ(Winners, Rounds);
  EXPECT_EQ(Losers, Rounds);
  EXPECT_EQ(P.liveCount(), 0u);
}

// Threads.

TEST_P(PoolTest, NoTwoThreadsShareAnObject) {
  constexpr int Threads = 4, Rounds = 10'000;
  TestPool P(config(64));
  std::vector<std::atomic<int>> Owner(4 * 64);
  std::atomic<int> Shared = 0, NotZero = 0, Overwritten = 0, Lost = 0;
  const auto Work = [&](int Me) {
    std::mt19937 Random(static_cast<unsigned>(Me));
    for (int I = 0; I != Rounds; ++I) {
      const size_t Size = 1 + Random() % 3000;
      const Slot *S = nullptr;
      while (!(S = P.takeObject(Size, 16, Random())))
        std::this_thread::yield();
      if (Owner[P.indexOf(*S)].exchange(Me))
        ++Shared;
      if (!isZero(S->Address, Size))
        ++NotZero;
      memset(bytes(S->Address), Me, Size);
      if (I % 16 == 0)
        std::this_thread::yield();
      if (bytes(S->Address)[Random() % Size] != char(Me))
        ++Overwritten;
      if (Owner[P.indexOf(*S)].exchange(0) != Me)
        ++Shared;
      if (P.freeAt(S->Address) != ReleaseError::None)
        ++Lost;
    }
  };
  std::vector<std::thread> Crew;
  for (int I = 0; I != Threads; ++I)
    Crew.emplace_back(Work, I + 1);
  for (std::thread &T : Crew)
    T.join();
  EXPECT_EQ(Shared, 0);
  EXPECT_EQ(NotZero, 0);
  EXPECT_EQ(Overwritten, 0);
  EXPECT_EQ(Lost, 0);
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, ObjectsAreFreedByOtherThreads) {
  constexpr int Rounds = 5000;
  TestPool P(config(32));
  std::atomic<uintptr_t> Mailbox = 0;
  std::atomic<int> Errors = 0;
  std::thread Consumer([&] {
    for (int I = 0; I != Rounds; ++I) {
      uintptr_t A;
      while (!(A = Mailbox.exchange(0)))
        std::this_thread::yield();
      Errors += P.freeAt(A) != ReleaseError::None;
    }
  });
  for (int I = 0; I != Rounds; ++I) {
    const Slot *S;
    while (!(S = P.takeObject(64)))
      std::this_thread::yield();
    *bytes(S->Address) = 1;
    while (Mailbox)
      std::this_thread::yield();
    Mailbox = S->Address;
  }
  Consumer.join();
  EXPECT_EQ(Errors, 0);
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, TheLiveLimitHoldsUnderContention) {
  constexpr int Threads = 4, Takes = 2000, MaxLive = 6;
  TestPool P(config(64, Placement::Random, MaxLive));
  std::atomic<int> Held = 0, Highest = 0;
  const auto Work = [&](unsigned Seed) {
    std::mt19937 Random(Seed);
    std::vector<const Slot *> Mine;
    for (int Taken = 0; Taken != Takes;) {
      if (Random() % 2) {
        const Slot *S = P.takeObject(8);
        if (!S) {
          std::this_thread::yield();
          continue;
        }
        ++Taken;
        const int Now = ++Held;
        for (int Seen = Highest;
             Now > Seen && !Highest.compare_exchange_weak(Seen, Now);)
          ;
        Mine.push_back(S);
      } else if (!Mine.empty()) {
        --Held;
        EXPECT_EQ(P.freeAt(Mine.back()->Address), ReleaseError::None);
        Mine.pop_back();
      }
    }
    for (const Slot *S : Mine) {
      --Held;
      EXPECT_EQ(P.freeAt(S->Address), ReleaseError::None);
    }
  };
  std::vector<std::thread> Crew;
  for (unsigned I = 0; I != Threads; ++I)
    Crew.emplace_back(Work, I);
  for (std::thread &T : Crew)
    T.join();
  EXPECT_LE(Highest, MaxLive);
  EXPECT_EQ(Highest, MaxLive) << "the limit was not even reached";
  EXPECT_EQ(P.liveCount(), 0u);
  for (int I = 0; I != MaxLive; ++I)
    EXPECT_TRUE(P.takeObject(8)) << I;
  EXPECT_FALSE(P.takeObject(8));
}

// Reports.

TEST_P(PoolTest, AFreedSlotOpenedForAReportIsNeverReused) {
  constexpr uint32_t Slots = 4;
  TestPool P(config(Slots));
  const Slot *Reported = P.takeObject(100);
  const uint32_t N = P.indexOf(*Reported);
  P.freeObject(Reported);
  ASSERT_TRUE(P.openAfterReport(Reported->Address, N));
  EXPECT_TRUE(isReadable(Reported->Address));
  EXPECT_EQ(Reported->State.loadRelaxed(), SlotState::Retired);
  for (int I = 0; I != 20; ++I) {
    const Slot *S = P.takeObject(100);
    ASSERT_TRUE(S);
    ASSERT_NE(P.indexOf(*S), N);
    P.freeObject(S);
  }
  EXPECT_TRUE(isReadable(Reported->Address)) << "stays open";
  EXPECT_EQ(P.claim(Reported->Address).Error, ReleaseError::DoubleFree);
  EXPECT_EQ(P.liveCount(), 0u);
}

TEST_P(PoolTest, ExhaustedWhenEverySlotHasReported) {
  constexpr uint32_t Slots = 8;
  TestPool P(config(Slots));
  for (uint32_t I = 0; I != Slots; ++I) {
    const Slot *S = P.takeObject(1);
    ASSERT_TRUE(S) << I;
    P.freeObject(S);
    // While it is on its way to the queue, and when it is in there.
    if (I % 2) {
      const Slot *Other = P.takeObject(2 * P.page());
      ASSERT_TRUE(Other);
      P.freeObject(Other);
    }
    ASSERT_TRUE(P.openAfterReport(S->Address, P.indexOf(*S)));
  }
  EXPECT_FALSE(P.takeObject(1));
  EXPECT_TRUE(P.takeObject(2 * P.page())) << "other classes are not concerned";
}

TEST_P(PoolTest, AGuardPageOpenedForALiveObjectClosesWithIt) {
  TestPool P(config(2, Placement::Right));
  const Slot *S = P.takeObject(64);
  const uintptr_t Behind = P.slotEnd(*S), Before = S->Begin - 1;
  ASSERT_TRUE(P.openAfterReport(Behind, P.indexOf(*S)));
  ASSERT_TRUE(P.openAfterReport(Before, P.indexOf(*S)));
  memset(bytes(Behind), 0xa5, P.page());
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Live);
  EXPECT_TRUE(isZero(S->Address, 64)) << "the object is untouched";
  P.freeObject(S);
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freed);
  for (uintptr_t A : {Behind, Before, S->Address})
    EXPECT_FALSE(isReadable(A));
  ASSERT_TRUE(P.takeObject(64));
  EXPECT_EQ(P.takeObject(64), S) << "and it is reused";
  EXPECT_FALSE(isReadable(Behind));
}

TEST_P(PoolTest, SlackPagesOpenedForALiveObjectCloseWithIt) {
  TestPool P(config(2, Placement::Left));
  const Slot *S = P.takeObject(5 * P.page()); // Of eight pages.
  const uintptr_t Slack = P.slotEnd(*S) - P.page();
  ASSERT_FALSE(isReadable(Slack));
  ASSERT_TRUE(P.openAfterReport(Slack, P.indexOf(*S)));
  EXPECT_TRUE(isReadable(Slack));
  P.freeObject(S);
  EXPECT_FALSE(isReadable(Slack));
}

TEST_P(PoolTest, AGuardPageOpenedForAFreedObjectClosesWithItsNeighbour) {
  TestPool P(config(3, Placement::Right));
  const Slot *Left = P.takeObject(64), *Right = P.takeObject(64);
  const uintptr_t Shared = P.slotEnd(*Left);
  ASSERT_EQ(Shared + P.page(), Right->Begin);
  P.freeObject(Left);
  ASSERT_TRUE(P.openAfterReport(Shared, P.indexOf(*Left)));
  EXPECT_TRUE(isReadable(Shared));
  P.freeObject(Right);
  EXPECT_FALSE(isReadable(Shared));
}

TEST_P(PoolTest, WildPagesAreCleanAndClosedBeforeTheyHoldAnObject) {
  TestPool P(config(64, Placement::Left));
  // One page in a chunk that is in use, on a slot and on a guard page; one in
  // a chunk that is not yet.
  ASSERT_TRUE(P.takeObject(1));
  const uintptr_t Slot3 = P.layout().slotBegin(0, 3);
  const uintptr_t Wild[] = {
      Slot3, Slot3 - P.page(), P.layout().base() + P.layout().chunkSize(),
      P.layout().base() + P.layout().chunkSize() + P.page(),
      P.layout().base() + P.layout().chunkSize() + 2 * P.page()};
  for (uintptr_t A : Wild) {
    ASSERT_TRUE(P.openAfterReport(A + 5, NoSlot));
    ASSERT_TRUE(isReadable(A));
    memset(bytes(A), 0xa5, P.page());
  }
  for (size_t Size : {size_t(100), P.page() + 1})
    for (int I = 0; I != 8; ++I) {
      const Slot *S = P.takeObject(Size);
      ASSERT_TRUE(S);
      EXPECT_TRUE(isZero(S->Address, Size)) << Size << ' ' << I;
      EXPECT_FALSE(isReadable(S->Begin - 1)) << Size << ' ' << I;
      EXPECT_FALSE(isReadable(P.slotEnd(*S))) << Size << ' ' << I;
    }
}

TEST_P(PoolTest, OpensTheFaultingPageOnly) {
  TestPool P(config(4, Placement::Left));
  const Slot *S = P.takeObject(4 * P.page());
  P.freeObject(S);
  const uintptr_t Third = S->Begin + 2 * P.page();
  ASSERT_TRUE(P.openAfterReport(Third + 123, P.indexOf(*S)));
  for (uintptr_t A = S->Begin; A != P.slotEnd(*S); A += P.page())
    EXPECT_EQ(isReadable(A), A == Third);
}

TEST_P(PoolTest, ForgetsSitesThatGoAway) {
  static const Site Sites[4] = {};
  TestPool P(config(8));
  std::vector<Slot *> Slots;
  for (int I = 0; I != 4; ++I) {
    Slot *S = P.take({1, 1, HeapFunction::Malloc, 0}).Taken;
    ASSERT_TRUE(S);
    S->Allocation.Where = &Sites[I];
    S->Release.Where = &Sites[3 - I];
    P.publish(*S);
    Slots.push_back(S);
  }
  P.forgetSites(Sites + 1, Sites + 3);
  for (int I = 0; I != 4; ++I) {
    const bool IsGone = I == 1 || I == 2;
    EXPECT_EQ(Slots[I]->Allocation.Where, IsGone ? nullptr : &Sites[I]);
    EXPECT_EQ(Slots[I]->Release.Where, IsGone ? nullptr : &Sites[3 - I]);
  }
}

// Light slots.

/// A pool of light slots, and of one other.
/// Whoever looks at a live object keeps its pages open, and nobody waits.
TEST_P(PoolTest, AHeldObjectIsReadableWhenItIsFreed) {
  TestPool P(config(4));
  CountOf Freed(Counter::Freed);
  Slot *S = P.takeObject(100);
  ASSERT_TRUE(S);
  uint32_t Index = P.indexOf(*S);
  ASSERT_TRUE(P.hold(Index));
  EXPECT_FALSE(P.hold(Index)) << "somebody holds it";
  EXPECT_TRUE(isLive(S->State.loadRelaxed()));
  P.freeObject(S);
  EXPECT_EQ(Freed.value(), 0u);
  EXPECT_EQ(P.liveCount(), 1u);
  EXPECT_EQ(P.freeAt(S->Address), ReleaseError::DoubleFree);
  EXPECT_TRUE(isZero(S->Address, 100)) << "it can be read";
  P.letGo(Index);
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freed);
  EXPECT_EQ(Freed.value(), 1u);
  EXPECT_EQ(P.liveCount(), 0u);
  EXPECT_FALSE(P.hold(Index)) << "it is freed";
  EXPECT_FALSE(isReadable(S->Address));
}

TEST_P(PoolTest, AHeldObjectThatIsLetGoIsAsBefore) {
  TestPool P(config(4));
  Slot *S = P.takeObject(100);
  ASSERT_TRUE(P.hold(P.indexOf(*S)));
  P.letGo(P.indexOf(*S));
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Live);
  // A free that began while it was held, and ends after.
  ASSERT_TRUE(P.hold(P.indexOf(*S)));
  ReleaseResult R = P.claim(S->Address);
  ASSERT_EQ(R.Error, ReleaseError::None);
  P.letGo(P.indexOf(*S));
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freeing);
  P.release(R.Slot);
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Freed);
  EXPECT_FALSE(isReadable(S->Address));
}

/// Threads that hold and free the same objects: none is lost, none closed
/// twice.
TEST_P(PoolTest, HoldersAndFreersMeet) {
  TestPool P(config(64));
  CountOf Freed(Counter::Freed);
  constexpr unsigned Least = 2000, Most = 10'000'000;
  unsigned Round = 0;
  std::atomic<Slot *> Current{nullptr};
  std::atomic<bool> IsOver{false};
  std::atomic<unsigned> Held{0};
  std::thread Holder([&] {
    while (!IsOver)
      if (Slot *S = Current.load())
        if (P.hold(P.indexOf(*S))) {
          ++Held;
          EXPECT_EQ(P.findCorruption(*S), 0u);
          P.letGo(P.indexOf(*S));
        }
  });
  for (; Round < Least || (Held < 100 && Round != Most); ++Round) {
    Slot *S = P.takeObject(100);
    ASSERT_TRUE(S);
    Current = S;
    // Each round at another moment of the holder's.
    for (volatile unsigned Wait = 0; Wait != Round % 200;)
      Wait = Wait + 1;
    EXPECT_EQ(P.freeAt(S->Address), ReleaseError::None);
  }
  IsOver = true;
  Holder.join();
  EXPECT_EQ(Freed.value(), Round);
  EXPECT_EQ(P.liveCount(), 0u);
  EXPECT_GE(Held, 100u);
}

TEST_P(PoolTest, ChangesAreToldByteForByte) {
  PoolConfig Left = config(4);
  Left.Side = Placement::Left;
  TestPool P(Left);
  Slot *S = P.takeObject(20);
  uintptr_t A = S->Address;
  for (unsigned Offset : {21, 22, 40, 200})
    *bytes(A + Offset) ^= 1;
  ASSERT_EQ(P.findCorruption(*S), A + 21);
  Changes C = P.changesFrom(A + 21, *S);
  EXPECT_EQ(C.Begin, A + 16);
  EXPECT_EQ(C.Count, Changes::MaxBytes);
  EXPECT_EQ(C.Total, 4u);
  EXPECT_EQ(C.Outside, 0xfu) << "four bytes are the object's";
  EXPECT_EQ(C.Changed, 1u << 5 | 1u << 6 | 1u << 24);
  EXPECT_EQ(C.Bytes[5], uint8_t(*bytes(A + 21)));
  // At the end of the page there are fewer.
  const uintptr_t Last = S->Begin + P.page() - 1;
  *bytes(Last) ^= 1;
  C = P.changesFrom(Last, *S);
  EXPECT_EQ(C.Count, 16u);
  EXPECT_EQ(C.Changed, 1u << 15);
  EXPECT_EQ(C.Total, 5u);
}

class LightPool : public TestPool {
public:
  LightPool(PoolConfig C, uint32_t LightSlots)
      : TestPool((C.LightSlots = LightSlots, C)) {}

  Slot *takeLight(size_t Size, size_t Alignment = MallocAlignment) {
    Last = take({Size, Alignment, HeapFunction::Malloc, 0, /*IsLight=*/true});
    if (Last.Taken)
      publish(*Last.Taken);
    return Last.Taken;
  }

  TakenSlot Last = {};
};

TEST_P(PoolTest, LightObjectsHaveTheirOwnBytesOnOpenPages) {
  LightPool P(config(1), 100);
  std::vector<const Slot *> Slots;
  for (size_t Size = 0; Size <= MaxLightSize; Size += 7) {
    const Slot *S = P.takeLight(Size);
    ASSERT_TRUE(S);
    EXPECT_TRUE(isLight(*S));
    EXPECT_EQ(S->Size, Size);
    EXPECT_EQ(S->Address % MallocAlignment, 0u);
    EXPECT_GE(S->Address, S->Begin + LightMargin);
    EXPECT_LE(S->Address + Size + LightMargin, P.slotEnd(*S));
    EXPECT_TRUE(isZero(S->Address, Size));
    memset(bytes(S->Address), 0x5a, Size);
    Slots.push_back(S);
  }
  EXPECT_EQ(P.liveCount(), 0u);
  EXPECT_EQ(P.lightLiveCount(), Slots.size());
  for (const Slot *S : Slots) {
    EXPECT_EQ(P.findCorruption(*S), 0u);
    EXPECT_EQ(P.findFreedCorruption(P.indexOf(*S)), 0u);
    P.freeObject(S);
    EXPECT_EQ(P.findFreedCorruption(P.indexOf(*S)), 0u);
    EXPECT_EQ(P.freeAt(S->Address), ReleaseError::DoubleFree);
    EXPECT_EQ(P.freeAt(S->Address + 1), ReleaseError::InvalidFree);
  }
  EXPECT_EQ(P.lightLiveCount(), 0u);
}

TEST_P(PoolTest, LightSlotsTakeWhatFitsAndNoMoreThanThereAre) {
  LightPool P(config(1), 3);
  CountOf TooLarge(Counter::RefusedSize), Aligned(Counter::RefusedAlignment),
      Live(Counter::RefusedLive);
  EXPECT_FALSE(P.takeLight(MaxLightSize + 1));
  EXPECT_EQ(TooLarge.value(), 1u);
  EXPECT_FALSE(P.takeLight(32, 2 * LightMargin));
  EXPECT_EQ(Aligned.value(), 1u);
  Slot *Taken[3];
  for (Slot *&S : Taken)
    ASSERT_TRUE(S = P.takeLight(8));
  EXPECT_FALSE(P.takeLight(8));
  EXPECT_EQ(Live.value(), 1u);
  EXPECT_TRUE(P.takeObject(8)) << "they have a limit of their own";
  P.freeObject(Taken[1]);
  EXPECT_EQ(P.takeLight(9), Taken[1]);
  LightPool None(config(1), 0);
  EXPECT_FALSE(None.takeLight(8));
}

TEST_P(PoolTest, LightObjectsAreZeroWhenTheirSlotIsReused) {
  LightPool P(config(1), 1);
  for (size_t Size : {MaxLightSize, size_t(1), size_t(100), MaxLightSize}) {
    const Slot *S = P.takeLight(Size);
    ASSERT_TRUE(S);
    EXPECT_TRUE(isZero(S->Address, Size));
    memset(bytes(S->Address), 0xff, Size);
    P.freeObject(S);
  }
}

TEST_P(PoolTest, AWriteBesideALightObjectIsFound) {
  LightPool P(config(1), 2);
  const Slot *S = P.takeLight(24), *Other = P.takeLight(24);
  for (uintptr_t A :
       {S->Address - 1, S->Begin, S->Address + 24, P.slotEnd(*S) - 1}) {
    const char Was = *bytes(A);
    *bytes(A) = static_cast<char>(Was + 1);
    EXPECT_EQ(P.findCorruption(*S), A);
    EXPECT_EQ(P.findFreedCorruption(P.indexOf(*S)), 0u) << "it is not freed";
    EXPECT_EQ(P.findCorruption(*Other), 0u);
    *bytes(A) = Was;
  }
  EXPECT_EQ(P.findCorruption(*S), 0u);
}

TEST_P(PoolTest, AWriteToAFreedLightObjectIsFoundBeforeItsSlotIsReused) {
  LightPool P(config(1), 2);
  Slot *S = P.takeLight(24), *Other = P.takeLight(24);
  P.freeObject(S);
  *bytes(S->Address + 5) ^= 1;
  EXPECT_EQ(P.findFreedCorruption(P.indexOf(*S)), S->Address + 5);
  EXPECT_FALSE(P.takeLight(8));
  EXPECT_EQ(P.Last.Corrupt, P.indexOf(*S));
  EXPECT_EQ(P.Last.Changed, S->Address + 5);
  EXPECT_EQ(S->State.loadRelaxed(), SlotState::Retired);
  EXPECT_EQ(S->Size, 24u) << "still there for the report";
  EXPECT_EQ(P.lightLiveCount(), 1u);
  // It never comes back; the others do.
  P.freeObject(Other);
  EXPECT_EQ(P.takeLight(8), Other);
  EXPECT_EQ(P.Last.Corrupt, NoSlot);
}

TEST_P(PoolTest, FreedLightSlotsRestBeforeTheyAreReused) {
  LightPool P(config(1), 400);
  const Slot *First = P.takeLight(8);
  P.freeObject(First);
  unsigned Others = 0;
  for (const Slot *S; (S = P.takeLight(8)) != First; ++Others)
    P.freeObject(S);
  // As many as rest at least, and not all that there are.
  EXPECT_EQ(Others, 128u);
}

TEST_P(PoolTest, AReportBesideALightChunkLeavesItOpen) {
  LightPool P(config(1), 1);
  const Slot *S = P.takeLight(24);
  ASSERT_TRUE(P.openAfterReport(S->Begin - 1, NoSlot));
  memset(bytes(S->Address), 1, 24);
  P.freeObject(S);
  EXPECT_TRUE(P.takeLight(24));
  EXPECT_TRUE(isReadable(S->Address));
}

// Fork.

TEST_P(PoolTest, NothingIsTakenDuringAFork) {
  TestPool P(config(4));
  const Slot *S = P.takeObject(1);
  const CountOf Refused(Counter::RefusedBusy);
  ASSERT_TRUE(P.lockForFork());
  EXPECT_FALSE(P.takeObject(1));
  EXPECT_EQ(Refused.value(), 1u);
  P.freeObject(S); // Needs no lock.
  P.unlockAfterFork();
  EXPECT_TRUE(P.takeObject(1));
  EXPECT_EQ(P.liveCount(), 1u);
}

TEST_P(PoolTest, ParentAndChildGoOnAfterAFork) {
  TestPool P(config(4));
  const Slot *S = P.takeObject(100);
  *bytes(S->Address) = 1;
  const auto GoOn = [&] {
    P.unlockAfterFork();
    CHILD_CHECK(*bytes(S->Address) == 1);
    CHILD_CHECK(P.freeAt(S->Address) == ReleaseError::None);
    CHILD_CHECK(!isReadable(S->Address));
    for (int I = 0; I != 20; ++I) {
      const Slot *Other = P.takeObject(100);
      CHILD_CHECK(Other && isZero(Other->Address, 100));
      *bytes(Other->Address) = 1;
      CHILD_CHECK(P.freeAt(Other->Address) == ReleaseError::None);
    }
  };
  ASSERT_TRUE(P.lockForFork());
  EXPECT_EQ(0, statusOfChild(GoOn, [&](pid_t) { GoOn(); }));
}

TEST_P(PoolTest, ForkWhileOtherThreadsUseThePool) {
  TestPool P(config(64));
  std::atomic<bool> IsDone = false;
  std::vector<std::thread> Crew;
  for (int I = 0; I != 2; ++I)
    Crew.emplace_back([&] {
      while (!IsDone)
        if (const Slot *S = P.takeObject(100))
          EXPECT_EQ(P.freeAt(S->Address), ReleaseError::None);
    });
  for (int I = 0; I != 30; ++I) {
    ASSERT_TRUE(P.lockForFork());
    EXPECT_EQ(0,
              statusOfChild(
                  [&] {
                    P.unlockAfterFork();
                    for (int J = 0; J != 200; ++J) {
                      const Slot *S = P.takeObject(100);
                      CHILD_CHECK(S && isZero(S->Address, 100));
                      CHILD_CHECK(P.freeAt(S->Address) == ReleaseError::None);
                    }
                  },
                  [&](pid_t) { P.unlockAfterFork(); }));
  }
  IsDone = true;
  for (std::thread &T : Crew)
    T.join();
}

// System calls that fail.

/// From now on pages cannot be opened.
bool refuseToOpen(const Pool &P) {
  constexpr uint32_t GuardRemove = 103;
  if (!P.usesMarkers())
    return refuseSystemCall(SYS_mprotect, 2, PROT_READ | PROT_WRITE, ENOMEM);
  return refuseSystemCall(SYS_madvise, 2, GuardRemove, ENOMEM);
}

bool refuseToClose(const Pool &P) {
  constexpr uint32_t GuardInstall = 102;
  return P.usesMarkers()
             ? refuseSystemCall(SYS_madvise, 2, GuardInstall, ENOMEM)
             : refuseSystemCall(SYS_mprotect, 2, PROT_NONE, ENOMEM);
}

TEST_P(PoolTest, APageThatCannotBeOpenedIsARefusal) {
  TestPool P(config(64));
  ASSERT_TRUE(P.takeObject(1));
  expectChildPasses([&] {
    if (!refuseToOpen(P))
      _exit(0);
    const CountOf Refused(Counter::RefusedSystem);
    for (int I = 0; I != 10; ++I)
      CHILD_CHECK(!P.takeObject(100));
    CHILD_CHECK(Refused.value() == 10);
    CHILD_CHECK(P.liveCount() == 1);
    CHILD_CHECK(!P.openAfterReport(P.layout().base(), NoSlot));
  });
}

TEST_P(PoolTest, SlotsAreUsedInOrder) {
  TestPool P(config(64));
  uintptr_t Last = 0;
  for (int I = 0; I != 10; ++I) {
    const Slot *S = P.takeObject(10);
    ASSERT_TRUE(S);
    EXPECT_GT(S->Begin, Last);
    Last = S->Begin;
  }
}

TEST_P(PoolTest, NoPageIsOpenBeforeItHasAnObject) {
  TestPool P(config(64));
  const Slot *S = P.takeObject(100);
  ASSERT_TRUE(S);
  for (uintptr_t A = P.layout().base();
       A != P.layout().base() + 2 * P.layout().chunkSize(); A += P.page())
    EXPECT_EQ(isReadable(A), A == S->Begin) << A;
}

TEST_P(PoolTest, AFreshObjectIsZeroAndClosedWhenItIsFreed) {
  TestPool P(config(64));
  for (int I = 0; I != 8; ++I) {
    Slot *S = P.takeObject(P.page());
    ASSERT_TRUE(S);
    EXPECT_TRUE(isZero(S->Address, S->Size));
    memset(bytes(S->Address), 1, S->Size);
    P.freeObject(S);
    EXPECT_FALSE(isReadable(S->Address));
  }
}

TEST_P(PoolTest, AGuardPageThatAReportOpenedIsClosedByTheNextSlot) {
  TestPool P(config(64, Placement::Right));
  const Slot *S = P.takeObject(100);
  ASSERT_TRUE(S);
  ASSERT_TRUE(P.openAfterReport(P.slotEnd(*S), P.indexOf(*S)));
  Slot *Next = P.takeObject(100);
  ASSERT_TRUE(Next);
  EXPECT_FALSE(isReadable(P.slotEnd(*S)));
  EXPECT_TRUE(isReadable(Next->Address));
  EXPECT_TRUE(isZero(Next->Address, Next->Size));
}

TEST_P(PoolTest, AChunkThatCannotBePreparedIsARefusal) {
  TestPool P(config(4));
  expectChildPasses([&] {
    if (!refuseToClose(P))
      _exit(0);
    for (int I = 0; I != 10; ++I)
      CHILD_CHECK(!P.takeObject(100));
    CHILD_CHECK(P.liveCount() == 0 && P.slotCount() == 0);
  });
}

TEST_P(PoolTest, ASlotThatCannotBeClosedIsNotReused) {
  TestPool P(config(2));
  const Slot *S = P.takeObject(1);
  ASSERT_TRUE(S);
  expectChildPasses([&] {
    if (!refuseToClose(P))
      _exit(0);
    const CountOf Failed(Counter::ProtectFailed), Freed(Counter::Freed);
    CHILD_CHECK(P.freeAt(S->Address) == ReleaseError::None);
    CHILD_CHECK(Failed.value() == 1 && Freed.value() == 1);
    CHILD_CHECK(S->State.loadRelaxed() == SlotState::Retired);
    CHILD_CHECK(P.liveCount() == 0);
    CHILD_CHECK(P.claim(S->Address).Error == ReleaseError::DoubleFree);
    CHILD_CHECK(P.takeObject(1) && !P.takeObject(1));
  });
}

TEST_P(PoolTest, WhatStaysOpenIsClosedAtTheNextTry) {
  TestPool P(config(2));
  const Slot *S = P.takeObject(1);
  ASSERT_TRUE(S);
  ASSERT_TRUE(P.openAfterReport(S->Begin - 1, NoSlot));
  const auto Guard = static_cast<uint32_t>(S->Begin - P.page());
  expectChildPasses([&] {
    const unsigned Number = P.usesMarkers() ? SYS_madvise : SYS_mprotect;
    if (!refuseSystemCall(Number, 0, Guard, ENOMEM))
      _exit(0);
    CHILD_CHECK(P.freeAt(S->Address) == ReleaseError::None);
    CHILD_CHECK(S->HasOpenedPages.loadRelaxed());
    CHILD_CHECK(S->State.loadRelaxed() == SlotState::Retired);
  });
}

TEST(PoolInit, TellsWhatCannotBeHad) {
  expectChildPasses([] {
    const rlimit Little = {1 << 20, 1 << 20};
    CHILD_CHECK(setrlimit(RLIMIT_AS, &Little) == 0);
    Pool P;
    PoolConfig C;
    C.Slots = C.MaxLive = 1;
    const char *Failure = P.init(C, 1);
    CHILD_CHECK(Failure && !strcmp(Failure, "no address space for the pool"));
  });
  expectChildPasses([] {
    if (!refuseSystemCall(SYS_madvise, 2, /*GuardInstall=*/102, EINVAL))
      _exit(0);
    Pool P;
    PoolConfig C;
    C.Guard = GuardMode::Markers;
    C.Slots = C.MaxLive = 1;
    const char *Failure = P.init(C, 1);
    CHILD_CHECK(Failure && !strcmp(Failure, "guard markers do not work here"));
  });
}

TEST_P(PoolTest, WhereAValueWasLeft) {
  PoolConfig Config = config(4, Placement::Left);
  Config.LightSlots = 4;
  TestPool P(Config);
  const auto WordAt = [](uintptr_t Address) {
    uint64_t Word;
    memcpy(&Word, bytes(Address), sizeof(Word));
    return Word;
  };
  const Slot *Full = P.takeObject(20);
  Slot *Light = P.take({32, 16, HeapFunction::Malloc, 0, true}).Taken;
  ASSERT_TRUE(Full && Light);
  P.publish(*Light);
  memset(bytes(Full->Address), 0, 20);
  // Beside a live object: in words of which none of the bytes is the object's.
  for (uintptr_t A = Full->Address + 24; A != Full->Address + 128; A += 8)
    EXPECT_EQ(P.whereLeft(WordAt(A)), A);
  EXPECT_EQ(P.whereLeft(WordAt(Light->Address - 8)), Light->Address - 8);
  const uint64_t Last = WordAt(Full->Address + P.page() - 8);
  const uint64_t Beside = WordAt(Full->Address + 24);
  EXPECT_EQ(P.whereLeft(Last), Full->Address + P.page() - 8);
  for (uint64_t Value : {uint64_t(0), uint64_t(1), ~uint64_t(0), Beside + 1,
                         uint64_t(Full->Address), Beside << 1})
    EXPECT_EQ(P.whereLeft(Value), 0u) << Value;
  // The words where the object is, wholly or in part, would go on like that.
  const uint64_t Step = WordAt(Full->Address + 32) - Beside;
  for (uint64_t Back : {1, 2, 3})
    EXPECT_EQ(P.whereLeft(Beside - Back * Step), 0u) << Back;
  // Of an object there is the pattern when it is freed, if it is light.
  P.freeObject(Full);
  EXPECT_EQ(P.whereLeft(Beside), 0u);
  const uintptr_t Address = Light->Address;
  P.freeObject(Light);
  for (uintptr_t A = Address - 16; A != Address + 48; A += 8)
    EXPECT_EQ(P.whereLeft(WordAt(A)), A);
}

} // namespace
