// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, reports name the wrong error, object or distance. Cases are
// generated; there is no memory behind the addresses, and no fault.

#include "diagnose.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

constexpr uintptr_t Base = 0x40000000;

constexpr SlotState AllStates[] = {
    SlotState::Unused,   SlotState::Filling,     SlotState::Live,
    SlotState::Freeing,  SlotState::Freed,       SlotState::Retired,
    SlotState::LiveHeld, SlotState::FreeingHeld, SlotState::ReleasedHeld};
constexpr Access AllAccesses[] = {Access::Unknown, Access::Read, Access::Write,
                                  Access::Execute};

/// A pool by hand: one chunk of each size class that has as many slots.
class FakePool {
public:
  static constexpr uint32_t SlotsPerChunk = 4;

  explicit FakePool(size_t Page) {
    Map.init(Base, Page);
    for (; Map.slotsPerChunk(Classes) >= SlotsPerChunk; ++Classes)
      EXPECT_TRUE(
          Map.addChunk(Classes, Classes * SlotsPerChunk, SlotsPerChunk));
    // Exactly as many as there are: a sanitizer sees what is read beyond.
    Slots = std::vector<Slot>(Classes * SlotsPerChunk);
    for (uint32_t I = 0; I != Slots.size(); ++I) {
      Slots[I].Begin = Map.slotBegin(I / SlotsPerChunk, I % SlotsPerChunk);
      Slots[I].SizeClass = uint8_t(I / SlotsPerChunk);
    }
  }

  PoolView view() const {
    return {Map, Slots.data(), static_cast<uint32_t>(Slots.size())};
  }
  size_t page() const { return Map.pageSize(); }
  size_t bytesOf(uint32_t N) const { return Map.slotBytes(Slots[N].SizeClass); }
  uintptr_t endOf(uint32_t N) const { return Slots[N].Begin + bytesOf(N); }

  /// Puts an object into slot `N`, `Gap` bytes from its begin or its end.
  void put(uint32_t N, SlotState State, size_t Size, bool IsRight,
           size_t Gap = 0) {
    Slot &S = Slots[N];
    S.State.storeRelaxed(State);
    S.Size = Size;
    S.Address = IsRight ? endOf(N) - Gap - Size : S.Begin + Gap;
  }
  void setState(uint32_t N, SlotState State) {
    Slots[N].State.storeRelaxed(State);
  }

  Layout Map;
  std::vector<Slot> Slots;
  unsigned Classes = 0;
};

/// A diagnosis, or what one should be, in a form that compares and prints.
std::string text(ErrorKind Kind, Access How, uintptr_t Address, uint32_t Slot,
                 Relation Where, size_t Distance) {
  constexpr const char *Relations[] = {"inside", "after", "before"};
  return std::string(nameOf(Kind)) + " access " + std::to_string(int(How)) +
         " at " + std::to_string(Address) + " slot " + std::to_string(Slot) +
         ' ' + Relations[int(Where)] + ' ' + std::to_string(Distance);
}

std::string text(const Diagnosis &D) {
  return text(D.Kind, D.How, D.Address, D.Slot, D.Where, D.Distance);
}

std::string nothingThere(uintptr_t Address, Access How) {
  return text(ErrorKind::WildAccess, How, Address, NoSlot, Relation::Inside, 0);
}

/// What an access at `Address`, on the pages of slot `N` or, with
/// `IsOnOwnPages` false, on a guard page beside it, ought to be.
std::string expected(const FakePool &P, uint32_t N, uintptr_t Address,
                     Access How, bool IsOnOwnPages) {
  const Slot &S = P.Slots[N];
  const SlotState State = S.State.loadRelaxed();
  if (!hasObject(State))
    return nothingThere(Address, How);
  const uintptr_t First = S.Address, End = S.Address + S.Size;
  Relation Where = Relation::Inside;
  size_t Distance = Address - First;
  ErrorKind Kind = ErrorKind::None;
  if (Address < First) {
    Where = Relation::Before;
    Distance = First - Address;
    Kind = ErrorKind::BufferUnderflow;
  } else if (Address >= End) {
    Where = Relation::After;
    Distance = Address - End;
    Kind = ErrorKind::BufferOverflow;
  }
  if (IsOnOwnPages && isGone(State))
    Kind = ErrorKind::UseAfterFree;
  return text(Kind, How, Address, N, Where, Distance);
}

class DiagnoseTest : public testing::TestWithParam<size_t> {};

TEST_P(DiagnoseTest, EveryAccessInAndAroundOneObject) {
  FakePool P(GetParam());
  const PoolView View = P.view();
  size_t Cases = 0;
  // The second slot of each chunk, its neighbours never used.
  for (uint32_t N = 1; N < P.Slots.size(); N += FakePool::SlotsPerChunk)
    for (SlotState State : AllStates)
      for (size_t Size : {size_t(0), size_t(1), size_t(7), size_t(16),
                          P.page() / 2 + 3, P.bytesOf(N) - 1, P.bytesOf(N)})
        for (bool IsRight : {false, true}) {
          P.put(N, State, Size, IsRight);
          const Slot &S = P.Slots[N];
          const uintptr_t Begin = S.Begin, End = P.endOf(N);
          const uintptr_t OnPages[] = {Begin,
                                       Begin + 1,
                                       S.Address - 1,
                                       S.Address,
                                       S.Address + 1,
                                       S.Address + Size / 2,
                                       S.Address + Size - 1,
                                       S.Address + Size,
                                       S.Address + Size + 1,
                                       End - 1};
          const uintptr_t OnGuards[] = {Begin - P.page(),
                                        Begin - P.page() / 2,
                                        Begin - 8,
                                        Begin - 1,
                                        End,
                                        End + 1,
                                        End + P.page() / 2,
                                        End + P.page() - 1};
          for (Access How : AllAccesses) {
            for (uintptr_t A : OnPages) {
              if (A < Begin || A >= End)
                continue;
              ++Cases;
              ASSERT_EQ(text(diagnoseAccess(View, A, How)),
                        expected(P, N, A, How, /*IsOnOwnPages=*/true));
            }
            for (uintptr_t A : OnGuards) {
              ++Cases;
              ASSERT_EQ(text(diagnoseAccess(View, A, How)),
                        expected(P, N, A, How, /*IsOnOwnPages=*/false));
            }
          }
          P.setState(N, SlotState::Unused);
        }
  EXPECT_GT(Cases, 4000u);
}

TEST_P(DiagnoseTest, TheNearerNeighbourOnASharedGuardPage) {
  FakePool P(GetParam());
  const PoolView View = P.view();
  for (uint32_t L = 0; L < P.Slots.size(); L += FakePool::SlotsPerChunk) {
    const uint32_t R = L + 1;
    for (SlotState LeftState : AllStates)
      for (SlotState RightState : AllStates)
        for (size_t LeftGap : {0, 1, 15, 1000})
          for (size_t RightGap : {0, 16, 1000}) {
            P.put(L, LeftState, 33, /*IsRight=*/true, LeftGap);
            P.put(R, RightState, 100, /*IsRight=*/false, RightGap);
            const uintptr_t Guard = P.endOf(L);
            for (uintptr_t A = Guard; A < Guard + P.page();
                 A += A == Guard ? 1 : 509) {
              const size_t ToLeft = A - (Guard - LeftGap);
              const size_t ToRight = Guard + P.page() + RightGap - A;
              uint32_t Nearer = ToLeft <= ToRight ? L : R;
              if (!hasObject(RightState))
                Nearer = L;
              else if (!hasObject(LeftState))
                Nearer = R;
              ASSERT_EQ(text(diagnoseAccess(View, A, Access::Read)),
                        expected(P, Nearer, A, Access::Read,
                                 /*IsOnOwnPages=*/false));
              // A refused free goes by the same rule.
              const Diagnosis D =
                  diagnoseFree(View, A, ErrorKind::InvalidFree, NoSlot, {});
              ASSERT_EQ(D.Slot, hasObject(P.Slots[Nearer].State.loadRelaxed())
                                    ? Nearer
                                    : NoSlot);
              if (D.Slot != NoSlot)
                ASSERT_EQ(D.Distance, D.Slot == L ? ToLeft : ToRight);
            }
          }
    P.setState(L, SlotState::Unused);
    P.setState(R, SlotState::Unused);
  }
}

TEST_P(DiagnoseTest, TheLeftNeighbourOfTwoEquallyNear) {
  FakePool P(GetParam());
  P.put(0, SlotState::Live, 8, /*IsRight=*/true);
  P.put(1, SlotState::Live, 8, /*IsRight=*/false);
  const uintptr_t Middle = P.endOf(0) + P.page() / 2;
  EXPECT_EQ(text(diagnoseAccess(P.view(), Middle, Access::Write)),
            text(ErrorKind::BufferOverflow, Access::Write, Middle, 0,
                 Relation::After, P.page() / 2));
  EXPECT_EQ(text(diagnoseAccess(P.view(), Middle + 1, Access::Write)),
            text(ErrorKind::BufferUnderflow, Access::Write, Middle + 1, 1,
                 Relation::Before, P.page() / 2 - 1));
}

TEST_P(DiagnoseTest, TheEndsOfAChunkHaveOneNeighbour) {
  FakePool P(GetParam());
  const uint32_t Last = FakePool::SlotsPerChunk - 1;
  P.put(0, SlotState::Live, 8, /*IsRight=*/false);
  P.put(Last, SlotState::Live, 8, /*IsRight=*/true);
  const uintptr_t Before = P.Slots[0].Begin - 1, After = P.endOf(Last);
  EXPECT_EQ(text(diagnoseAccess(P.view(), Before, Access::Read)),
            text(ErrorKind::BufferUnderflow, Access::Read, Before, 0,
                 Relation::Before, 1));
  EXPECT_EQ(text(diagnoseAccess(P.view(), After, Access::Read)),
            text(ErrorKind::BufferOverflow, Access::Read, After, Last,
                 Relation::After, 0));
}

TEST_P(DiagnoseTest, PagesThatNeverHadAnObject) {
  FakePool P(GetParam());
  for (uint32_t N = 0; N != P.Slots.size(); ++N)
    P.put(N, SlotState::Live, 1, /*IsRight=*/false);
  const uint32_t Last = FakePool::SlotsPerChunk - 1;
  const uintptr_t Wild[] = {
      P.endOf(Last) + P.page(), Base + P.Map.chunkSize() - 1,
      Base + P.Classes * P.Map.chunkSize(), Base + WindowSize - 1};
  for (uintptr_t A : Wild)
    for (Access How : AllAccesses)
      EXPECT_EQ(text(diagnoseAccess(P.view(), A, How)), nothingThere(A, How));
}

TEST_P(DiagnoseTest, SlotsBeyondTheirNumberAreNotLookedAt) {
  FakePool P(GetParam());
  for (uint32_t N = 0; N != P.Slots.size(); ++N)
    P.put(N, SlotState::Live, 1, /*IsRight=*/false);
  const PoolView Empty = {P.Map, P.Slots.data(), 0};
  for (uintptr_t A : {Base, P.Slots[0].Begin, P.Slots[0].Begin - 1}) {
    EXPECT_EQ(text(diagnoseAccess(Empty, A, Access::Read)),
              nothingThere(A, Access::Read));
    EXPECT_EQ(diagnoseFree(Empty, A, ErrorKind::InvalidFree, NoSlot, {}).Slot,
              NoSlot);
  }
}

TEST_P(DiagnoseTest, RefusedFrees) {
  FakePool P(GetParam());
  constexpr size_t Size = 40;
  for (uint32_t N = 1; N < P.Slots.size(); N += FakePool::SlotsPerChunk)
    for (SlotState State : AllStates)
      for (bool IsRight : {false, true})
        for (ErrorKind Kind : {ErrorKind::DoubleFree, ErrorKind::InvalidFree}) {
          P.put(N, State, Size, IsRight, /*Gap=*/64);
          const uintptr_t A = P.Slots[N].Address;
          struct {
            uintptr_t Address;
            Relation Where;
            size_t Distance;
          } Cases[] = {{A, Relation::Inside, 0},
                       {A + 1, Relation::Inside, 1},
                       {A + Size - 1, Relation::Inside, Size - 1},
                       {A + Size, Relation::After, 0},
                       {A + Size + 1, Relation::After, 1},
                       {A - 1, Relation::Before, 1},
                       {A - 64, Relation::Before, 64}};
          for (auto &C : Cases)
            ASSERT_EQ(text(diagnoseFree(P.view(), C.Address, Kind, N, {})),
                      hasObject(State) ? text(Kind, Access::Unknown, C.Address,
                                              N, C.Where, C.Distance)
                                       : text(Kind, Access::Unknown, C.Address,
                                              NoSlot, Relation::Inside, 0));
          P.setState(N, SlotState::Unused);
        }
}

TEST_P(DiagnoseTest, AFreeOfNobodysMemory) {
  FakePool P(GetParam());
  for (uintptr_t A : {Base, P.Slots[2].Begin, Base + WindowSize - 1})
    EXPECT_EQ(
        text(diagnoseFree(P.view(), A, ErrorKind::InvalidFree, NoSlot, {})),
        text(ErrorKind::InvalidFree, Access::Unknown, A, NoSlot,
             Relation::Inside, 0));
}

TEST_P(DiagnoseTest, ChangesNothing) {
  FakePool P(GetParam());
  P.put(1, SlotState::Freed, 8, /*IsRight=*/true);
  const std::vector<char> Before(
      reinterpret_cast<const char *>(P.Slots.data()),
      reinterpret_cast<const char *>(P.Slots.data() + P.Slots.size()));
  for (uintptr_t A = Base; A < Base + P.Map.chunkSize(); A += P.page()) {
    diagnoseAccess(P.view(), A, Access::Write);
    diagnoseFree(P.view(), A, ErrorKind::DoubleFree, 1, {});
  }
  const std::vector<char> After(
      reinterpret_cast<const char *>(P.Slots.data()),
      reinterpret_cast<const char *>(P.Slots.data() + P.Slots.size()));
  EXPECT_EQ(Before, After);
}

INSTANTIATE_TEST_SUITE_P(PageSizes, DiagnoseTest,
                         testing::Values(4096, 16384, 65536));

TEST_P(DiagnoseTest, ObjectsOfSeveralChunks) {
  const size_t Page = GetParam();
  Layout Map;
  Map.init(Base, Page);
  // Of each class two slots, as neighbours where the chunks have room.
  std::vector<Slot> Slots(2 * MaxClassCount);
  uint32_t Count = 0, Large = 0;
  for (unsigned C = 0; Page << C <= MaxObjectSize; ++C)
    while (Count != 2 * (C + 1)) {
      const unsigned Chunk = Map.chunkCount();
      const uint32_t Laid = Map.slotsPerChunk(C) > 1 ? 2 : 1;
      ASSERT_TRUE(Map.addChunk(C, Count, Laid));
      for (uint32_t I = 0; I != Laid; ++I, ++Count) {
        Slots[Count].SizeClass = uint8_t(C);
        Slots[Count].Begin = Map.slotBegin(Chunk, I);
      }
    }
  const PoolView View = {Map, Slots.data(), Count};
  for (uint32_t N = 0; N != Count; ++N) {
    Slot &S = Slots[N];
    const size_t Bytes = Map.slotBytes(S.SizeClass);
    if (Bytes + 2 * Page <= Map.chunkSize())
      continue;
    ++Large;
    for (bool IsRight : {false, true}) {
      S.State.storeRelaxed(SlotState::Live);
      S.Size = Bytes - 3 * Page - 5;
      S.Address = IsRight ? S.Begin + Bytes - S.Size : S.Begin;
      const uintptr_t End = S.Address + S.Size;
      for (uintptr_t A = S.Address; A < End; A += Map.chunkSize() / 16)
        ASSERT_EQ(diagnoseAccess(View, A, Access::Read).Kind, ErrorKind::None);
      EXPECT_EQ(diagnoseAccess(View, End - 1, Access::Read).Kind,
                ErrorKind::None);
      // Behind the guard page is nobody's memory.
      for (size_t Distance :
           {size_t(0), size_t(7), Page - 1, IsRight ? Page / 2 : 3 * Page + 5})
        EXPECT_EQ(text(diagnoseAccess(View, End + Distance, Access::Read)),
                  text(ErrorKind::BufferOverflow, Access::Read, End + Distance,
                       N, Relation::After, Distance))
            << Bytes << (IsRight ? " right" : " left");
      for (size_t Distance : {size_t(1), Page})
        EXPECT_EQ(
            text(diagnoseAccess(View, S.Address - Distance, Access::Write)),
            text(ErrorKind::BufferUnderflow, Access::Write,
                 S.Address - Distance, N, Relation::Before, Distance));
      S.State.storeRelaxed(SlotState::Freed);
      const uintptr_t Late = S.Begin + Bytes - 4 * Page;
      EXPECT_EQ(text(diagnoseAccess(View, Late, Access::Read)),
                text(ErrorKind::UseAfterFree, Access::Read, Late, N,
                     Relation::Inside, Late - S.Address));
      S.State.storeRelaxed(SlotState::Unused);
    }
  }
  // Two of each class from a chunk's size on, to 16 MiB.
  EXPECT_EQ(Large,
            uint32_t(2 * std::bit_width(MaxObjectSize / Map.chunkSize())));
}

/// Ranges of all lengths around an object, against the definition.
TEST(Diagnose, Range) {
  for (size_t Page : {size_t(4096), size_t(16384), size_t(65536)})
    for (SlotState State : AllStates)
      for (bool IsRight : {false, true}) {
        FakePool P(Page);
        const size_t Size = 24;
        P.put(1, State, Size, IsRight, /*Gap=*/40);
        const Slot &S = P.Slots[1];
        for (int Offset = -40; Offset <= 40; ++Offset)
          for (size_t N : {size_t(0), size_t(1), size_t(24), size_t(25),
                           size_t(64), ~size_t(0)}) {
            uintptr_t Begin = S.Address + Offset;
            Diagnosis D = diagnoseRange(P.view(), Begin, N, Access::Write);
            bool IsWithin = Offset >= 0 && Offset <= int(Size) &&
                            N <= Size - size_t(Offset);
            if (!N || !hasObject(State) || (isLive(State) && IsWithin)) {
              ASSERT_EQ(D.Kind, ErrorKind::None) << Offset << ' ' << N;
              continue;
            }
            if (isGone(State)) {
              ASSERT_EQ(D.Kind, ErrorKind::UseAfterFree);
              ASSERT_EQ(D.Address, Begin);
            } else if (Offset < 0) {
              ASSERT_EQ(text(D),
                        text(ErrorKind::BufferUnderflow, Access::Write, Begin,
                             1, Relation::Before, size_t(-Offset)));
            } else {
              // The first byte that is not the object's.
              size_t Past = Offset > int(Size) ? size_t(Offset) - Size : 0;
              ASSERT_EQ(text(D), text(ErrorKind::BufferOverflow, Access::Write,
                                      S.Address + Size + Past, 1,
                                      Relation::After, Past));
            }
          }
        if (!isLive(State))
          continue;
        // On the guard page behind the slot.
        ASSERT_EQ(text(diagnoseRange(P.view(), P.endOf(1), 1, Access::Read)),
                  text(ErrorKind::BufferOverflow, Access::Read, P.endOf(1), 1,
                       Relation::After, P.endOf(1) - S.Address - Size));
      }
  // Where nothing ever was.
  FakePool Empty(4096);
  EXPECT_EQ(
      diagnoseRange(Empty.view(), Empty.Slots[0].Begin, 8, Access::Read).Kind,
      ErrorKind::None);
}

/// Every function that allocates against every one that frees, with the right
/// and wrong sizes and alignments: what is expected is told by the names.
TEST(Diagnose, LifeOfASlot) {
  struct {
    SlotState State;
    bool HasObject, IsLive, HasRelease;
  } Lives[] = {{SlotState::Unused, false, false, false},
               {SlotState::Filling, false, false, false},
               {SlotState::Live, true, true, false},
               {SlotState::LiveHeld, true, true, false},
               {SlotState::Freeing, true, false, false},
               {SlotState::FreeingHeld, true, false, false},
               {SlotState::ReleasedHeld, true, false, true},
               {SlotState::Freed, true, false, true},
               {SlotState::Retired, true, false, true}};
  for (auto &L : Lives) {
    EXPECT_EQ(hasObject(L.State), L.HasObject);
    EXPECT_EQ(isLive(L.State), L.IsLive);
    EXPECT_EQ(isGone(L.State), L.HasObject && !L.IsLive);
    EXPECT_EQ(hasRelease(L.State), L.HasRelease);
  }
}

TEST(Diagnose, Deallocation) {
  struct Function {
    HeapFunction Id;
    std::string Symbol;
    Shape Form;
  };
  std::vector<Function> Functions = {
#define HEAP_FUNCTION(Id, Symbol, Form, Family)                                \
  {HeapFunction::Id, Symbol, Shape::Form},
#include "heapfence/heap_functions.def"
  };
  auto StartsWith = [](const Function &F, const char *Text) {
    return F.Symbol.rfind(Text, 0) == 0;
  };
  auto FamilyOf = [&](const Function &F) {
    return StartsWith(F, "_Zna") || StartsWith(F, "_Zda")   ? 2
           : StartsWith(F, "_Znw") || StartsWith(F, "_Zdl") ? 1
                                                            : 0;
  };
  auto Frees = [&](const Function &F) {
    return F.Symbol.find("free") != std::string::npos || StartsWith(F, "_Zd");
  };
  auto Has = [](const Function &F, const char *Text) {
    return F.Symbol.find(Text) != std::string::npos;
  };
  FakePool P(4096);
  P.put(0, SlotState::Freeing, 64, false);
  Slot &S = P.Slots[0];
  unsigned Right = 0, Wrong = 0;
  for (const Function &A : Functions) {
    if (Frees(A))
      continue;
    S.Callee = A.Id;
    bool IsAligned = Has(A, "align");
    S.AlignLog2 = IsAligned ? 6 : 0;
    for (const Function &F : Functions) {
      bool IsRealloc = StartsWith(F, "realloc");
      if (!Frees(F) && !IsRealloc)
        continue;
      bool TellsSize = Has(F, "sized") || StartsWith(F, "_ZdlPvm") ||
                       StartsWith(F, "_ZdaPvm");
      bool TellsAlignment = Has(F, "align");
      for (size_t Size : {63, 64, 65, 0})
        for (size_t Alignment : {32, 64, 128}) {
          Deallocation By{F.Id, TellsSize ? Size : Deallocation::NotTold,
                          TellsAlignment ? Alignment : 0};
          bool IsAlignmentRight = TellsAlignment ? IsAligned && Alignment == 64
                                  : FamilyOf(F)  ? !IsAligned
                                                 : true;
          ErrorKind Kind = FamilyOf(A) != FamilyOf(F)
                               ? ErrorKind::FamilyMismatch
                           : !IsAlignmentRight ? ErrorKind::AlignmentMismatch
                           : TellsSize && Size != 64 ? ErrorKind::SizeMismatch
                                                     : ErrorKind::None;
          Diagnosis D = diagnoseDeallocation(P.view(), 0, By);
          ASSERT_EQ(text(D), text(Kind, Access::Unknown, S.Address, 0,
                                  Relation::Inside, 0))
              << A.Symbol << " against " << F.Symbol;
          ++(Kind == ErrorKind::None ? Right : Wrong);
        }
    }
  }
  EXPECT_GT(Right, 100u);
  EXPECT_GT(Wrong, 1000u);
}
TEST(Diagnose, NamesAreThoseOfSanitizers) {
  EXPECT_STREQ(nameOf(ErrorKind::None), "none");
  EXPECT_STREQ(nameOf(ErrorKind::UseAfterFree), "heap-use-after-free");
  EXPECT_STREQ(nameOf(ErrorKind::BufferOverflow), "heap-buffer-overflow");
  EXPECT_STREQ(nameOf(ErrorKind::BufferUnderflow), "heap-buffer-underflow");
  EXPECT_STREQ(nameOf(ErrorKind::DoubleFree), "double-free");
  EXPECT_STREQ(nameOf(ErrorKind::InvalidFree), "invalid-free");
  EXPECT_STREQ(nameOf(ErrorKind::WildAccess), "wild-access");
  EXPECT_STREQ(nameOf(ErrorKind::FamilyMismatch), "alloc-dealloc-mismatch");
  EXPECT_STREQ(nameOf(ErrorKind::SizeMismatch), "sized-delete-mismatch");
  EXPECT_STREQ(nameOf(ErrorKind::AlignmentMismatch), "aligned-delete-mismatch");
}

} // namespace
