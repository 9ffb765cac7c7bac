// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, the diagnosis of some state of the pool is not what a simple
// model says: a list of objects that is searched from its begin to its end.
// Kind of error x access x side x size x page size, in pools full of neighbours
// in all states.

#include "diagnose.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

constexpr uintptr_t Base = 0x7fc0000000;
constexpr uint32_t SlotsPerChunk = 5;

/// What the model knows of a slot: numbers, and no function of the runtime.
struct ModelSlot {
  uintptr_t Begin, End; ///< Its pages.
  /// What lies beside them and is nobody's, in bytes: the closed pages; behind
  /// the last light slot all the rest of the chunk.
  size_t FreeBefore, FreeAfter;
  uintptr_t First = 0; ///< Of the object.
  size_t Size = 0;
  bool IsUsed = false, IsFreed = false;
  bool IsLight = false;
};

struct Verdict {
  ErrorKind Kind;
  uint32_t Slot = NoSlot;
  Relation Where = Relation::Inside;
  size_t Distance = 0;
  uintptr_t Address = 0;

  bool operator==(const Verdict &) const = default;
};

void PrintTo(const Verdict &V, std::ostream *Out) {
  constexpr const char *Relations[] = {"inside", "after", "before"};
  *Out << nameOf(V.Kind) << " slot " << int(V.Slot) << ' ' << V.Distance << ' '
       << Relations[int(V.Where)] << " at " << std::hex << V.Address;
}

Verdict verdictOf(const Diagnosis &D) {
  return {D.Kind, D.Slot, D.Where, D.Distance, D.Address};
}

/// A pool of one chunk of each class and one of light slots, with what the
/// model knows of it.
class ModelledPool {
public:
  explicit ModelledPool(size_t Page) : Page(Page) {
    Map.init(Base, Page);
    unsigned Chunk = 0;
    for (size_t Bytes = Page; SlotsPerChunk * (Bytes + Page) < chunkBytes();
         Bytes *= 2, ++Chunk)
      addChunk(Chunk, Chunk, Bytes, Bytes + Page);
    addChunk(Chunk, LightClass, 512, 512);
    Slots = std::vector<Slot>(Model.size());
  }

  /// Other objects in all slots, or none.
  void fill(std::mt19937_64 &Random) {
    constexpr SlotState States[] = {SlotState::Unused, SlotState::Filling,
                                    SlotState::Live,   SlotState::LiveHeld,
                                    SlotState::Freed,  SlotState::Retired,
                                    SlotState::Freeing};
    for (uint32_t I = 0; I != Slots.size(); ++I) {
      ModelSlot &M = Model[I];
      unsigned Which = Random() % std::size(States);
      M.IsUsed = Which >= 2;
      M.IsFreed = Which >= 4;
      size_t Room = M.End - M.Begin;
      size_t Sizes[] = {0,        1,    8,        21,        Room / 2 + 3,
                        Room / 2, Room, Room - 1, Room - 16, Random() % Room};
      M.Size = Sizes[Random() % std::size(Sizes)];
      size_t Gap = Random() % 3 * 8;
      if (M.IsLight || M.Size + Gap > Room)
        Gap = 0;
      bool IsRight = Random() % 2;
      M.First = IsRight ? M.End - Gap - M.Size : M.Begin + Gap;
      Slots[I].State.storeRelaxed(States[Which]);
      Slots[I].Begin = M.Begin;
      Slots[I].Address = M.First;
      Slots[I].Size = M.Size;
      Slots[I].SizeClass = ClassOf[I];
    }
  }

  PoolView view() const { return {Map, Slots.data(), uint32_t(Slots.size())}; }

  /// Addresses on, in and around all slots, those at edges above all.
  std::vector<uintptr_t> addresses(std::mt19937_64 &Random) const {
    std::vector<uintptr_t> All;
    for (const ModelSlot &M : Model) {
      uintptr_t Edges[] = {M.Begin, M.End, M.First, M.First + M.Size};
      for (uintptr_t Edge : Edges)
        for (int Offset : {-9, -1, 0, 1, 8})
          All.push_back(Edge + Offset);
      All.push_back(M.Begin + Random() % (M.End - M.Begin));
      All.push_back(M.End + Random() % Page);
      All.push_back(M.Begin - 1 - Random() % Page);
    }
    All.push_back(Base + WindowSize - 1);
    return All;
  }

  /// The slot on whose pages an address is.
  uint32_t at(uintptr_t A) const {
    for (uint32_t I = 0; I != Model.size(); ++I)
      if (A >= Model[I].Begin && A < Model[I].End)
        return I;
    return NoSlot;
  }

  /// The object that an address belongs to: that on its pages; on a closed page
  /// the nearer of those on the pages beside it, the left one of two equally
  /// near.
  uint32_t objectAt(uintptr_t A) const {
    uint32_t Own = at(A);
    if (Own != NoSlot)
      return Model[Own].IsUsed ? Own : NoSlot;
    uint32_t Best = NoSlot;
    for (uint32_t I = 0; I != Model.size(); ++I) {
      const ModelSlot &M = Model[I];
      bool IsBeside = A >= M.Begin - M.FreeBefore && A < M.End + M.FreeAfter;
      if (IsBeside && M.IsUsed &&
          (Best == NoSlot || distance(I, A) < distance(Best, A)))
        Best = I;
    }
    return Best;
  }

  /// From the object to an address that is not in it.
  size_t distance(uint32_t I, uintptr_t A) const {
    const ModelSlot &M = Model[I];
    return A < M.First ? M.First - A : A - M.First - M.Size;
  }

  Verdict relate(ErrorKind Kind, uint32_t I, uintptr_t A) const {
    if (I == NoSlot)
      return {Kind, NoSlot, Relation::Inside, 0, A};
    const ModelSlot &M = Model[I];
    if (A < M.First)
      return {Kind, I, Relation::Before, M.First - A, A};
    if (A < M.First + M.Size)
      return {Kind, I, Relation::Inside, A - M.First, A};
    return {Kind, I, Relation::After, A - M.First - M.Size, A};
  }

  Verdict access(uintptr_t A) const {
    uint32_t I = objectAt(A);
    if (I == NoSlot)
      return relate(ErrorKind::WildAccess, I, A);
    Verdict V = relate(ErrorKind::None, I, A);
    if (Model[I].IsFreed && at(A) == I)
      V.Kind = ErrorKind::UseAfterFree;
    else if (V.Where == Relation::Before)
      V.Kind = ErrorKind::BufferUnderflow;
    else if (V.Where == Relation::After)
      V.Kind = ErrorKind::BufferOverflow;
    return V;
  }

  /// The verdict of the first byte of a range that is not to be accessed. What
  /// is not an object's is not judged.
  Verdict range(uintptr_t A, size_t Size) const {
    if (!Size || objectAt(A) == NoSlot)
      return {ErrorKind::None};
    Verdict V = access(A);
    if (V.Kind != ErrorKind::None)
      return V;
    const ModelSlot &M = Model[V.Slot];
    uintptr_t End = M.First + M.Size;
    return Size <= End - A ? Verdict{ErrorKind::None}
                           : relate(ErrorKind::BufferOverflow, V.Slot, End);
  }

  const size_t Page;
  Layout Map;
  std::vector<ModelSlot> Model;
  std::vector<Slot> Slots;
  std::vector<uint8_t> ClassOf;

private:
  size_t chunkBytes() const { return 64 * Page; }

  void addChunk(unsigned Chunk, unsigned Class, size_t Bytes, size_t Stride) {
    EXPECT_TRUE(Map.addChunk(Class, uint32_t(Model.size()), SlotsPerChunk));
    bool IsLight = Class == LightClass;
    uintptr_t ChunkBegin = Base + Chunk * chunkBytes();
    for (uint32_t I = 0; I != SlotsPerChunk; ++I) {
      uintptr_t Begin = ChunkBegin + Page + I * Stride;
      size_t Before = Page, After = Page;
      if (IsLight) {
        Before = I == 0 ? Page : 0;
        bool IsLast = I == SlotsPerChunk - 1;
        After = IsLast ? ChunkBegin + chunkBytes() - Begin - Bytes : 0;
      }
      Model.push_back({Begin, Begin + Bytes, Before, After});
      Model.back().IsLight = IsLight;
      ClassOf.push_back(uint8_t(Class));
    }
  }
};

class DiagnoseModelTest : public testing::TestWithParam<size_t> {
protected:
  /// Calls `Judge` with pools of all kinds and addresses in them.
  template <typename Function> void forEachAddress(Function Judge) {
    ModelledPool P(GetParam());
    std::mt19937_64 Random(GetParam());
    for (int Round = 0; Round != 60; ++Round) {
      P.fill(Random);
      for (uintptr_t A : P.addresses(Random)) {
        Judge(P, A);
        if (HasFatalFailure())
          return;
      }
    }
  }

  void expectEach(std::initializer_list<ErrorKind> Kinds, unsigned AtLeast) {
    for (ErrorKind Kind : Kinds)
      EXPECT_GT(Seen[Kind], AtLeast) << nameOf(Kind);
  }

  std::map<ErrorKind, unsigned> Seen;
};

TEST_P(DiagnoseModelTest, Accesses) {
  forEachAddress([&](const ModelledPool &P, uintptr_t A) {
    for (Access How :
         {Access::Unknown, Access::Read, Access::Write, Access::Execute}) {
      Diagnosis D = diagnoseAccess(P.view(), A, How);
      Verdict Right = P.access(A);
      // Of an access that is none of ours only that is said.
      if (Right.Kind == ErrorKind::None)
        ASSERT_EQ(D.Kind, ErrorKind::None) << std::hex << A;
      else
        ASSERT_EQ(verdictOf(D), Right);
      ASSERT_EQ(D.How, How);
      ++Seen[D.Kind];
    }
  });
  expectEach({ErrorKind::None, ErrorKind::UseAfterFree,
              ErrorKind::BufferOverflow, ErrorKind::BufferUnderflow,
              ErrorKind::WildAccess},
             2000);
}

TEST_P(DiagnoseModelTest, Ranges) {
  forEachAddress([&](const ModelledPool &P, uintptr_t A) {
    for (size_t Size : {size_t(0), size_t(1), size_t(8), size_t(4000),
                        size_t(70000), ~size_t(0)}) {
      Diagnosis D = diagnoseRange(P.view(), A, Size, Access::Write);
      Verdict Right = P.range(A, Size);
      if (Right.Kind == ErrorKind::None)
        ASSERT_EQ(D.Kind, ErrorKind::None) << std::hex << A << ' ' << Size;
      else
        ASSERT_EQ(verdictOf(D), Right) << Size;
      ++Seen[D.Kind];
    }
  });
  expectEach({ErrorKind::None, ErrorKind::UseAfterFree,
              ErrorKind::BufferOverflow, ErrorKind::BufferUnderflow},
             2000);
}

TEST_P(DiagnoseModelTest, Frees) {
  forEachAddress([&](const ModelledPool &P, uintptr_t A) {
    for (ErrorKind Kind : {ErrorKind::DoubleFree, ErrorKind::InvalidFree}) {
      Diagnosis D =
          diagnoseFree(P.view(), A, Kind, P.at(A), {HeapFunction::Realloc});
      ASSERT_EQ(verdictOf(D), P.relate(Kind, P.objectAt(A), A));
      ASSERT_EQ(D.By.Callee, HeapFunction::Realloc);
      ++Seen[D.Kind];
    }
  });
  expectEach({ErrorKind::DoubleFree, ErrorKind::InvalidFree}, 5000);
}

TEST_P(DiagnoseModelTest, Corruption) {
  forEachAddress([&](const ModelledPool &P, uintptr_t A) {
    uint32_t I = P.at(A);
    if (I == NoSlot || P.objectAt(A) != I)
      return;
    Diagnosis D = diagnoseCorruption(P.view(), A, I);
    ASSERT_EQ(verdictOf(D), P.relate(ErrorKind::Corruption, I, A));
    ASSERT_EQ(D.How, Access::Write);
    ++Seen[D.Kind];
  });
  expectEach({ErrorKind::Corruption}, 5000);
}

INSTANTIATE_TEST_SUITE_P(PageSizes, DiagnoseModelTest,
                         testing::Values(4096, 16384, 65536));

} // namespace
