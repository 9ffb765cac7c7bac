// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, reports number sites wrongly, a site is guarded that must not
// be, or a module that goes away leaves a trap.

#include "sites.h"
#include "slot.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace heapfence;

namespace {

constexpr InitialWeights Ones = {1, 1},
                         Untouched = {UncoveredWeight, UncoveredWeight};

/// A linked module: its sites, and their weights within reach of them.
class TestModule {
public:
  static constexpr size_t MaxSites = 64;

  explicit TestModule(const std::vector<HeapFunction> &Callees)
      : Count(Callees.size()) {
    EXPECT_LE(Count, MaxSites);
    for (size_t I = 0; I != Count; ++I) {
      Sites[I].Callee = Callees[I];
      Weights[I] = UncoveredWeight;
      refer(Sites[I].Weight, &Weights[I]);
    }
    Descriptor = {.Version = AbiVersion,
                  .SiteSize = sizeof(Site),
                  .SitesBegin = Sites,
                  .SitesEnd = Sites + Count,
                  .ReturnsBegin = Returns,
                  .ReturnsEnd = Returns,
                  .Window = &Window};
  }
  explicit TestModule(size_t Count)
      : TestModule(std::vector<HeapFunction>(Count, HeapFunction::Malloc)) {}
  TestModule(const TestModule &) = delete;

  /// Makes the call of site `I` return to `Code[Offset]`.
  void setReturn(size_t I, size_t Offset) {
    auto *R = const_cast<ReturnRecord *>(Descriptor.ReturnsEnd++);
    refer(R->Address, &Code[Offset]);
    refer(R->Where, &Sites[I]);
  }
  uintptr_t returnAddress(size_t Offset) const {
    return reinterpret_cast<uintptr_t>(&Code[Offset]);
  }

  std::vector<uint32_t> weights() const { return {Weights, Weights + Count}; }

  Site Sites[MaxSites] = {};
  uint32_t Weights[MaxSites] = {};
  ReturnRecord Returns[MaxSites] = {};
  char Code[256] = {};
  ModuleDescriptor Descriptor;

private:
  size_t Count;
  uint64_t Window = NoWindow;
};

class SitesTest : public testing::Test {
protected:
  SiteRegistry &registry() { return *Registry; }

  void expectNumber(const Site &S, uint32_t Index, uint32_t Ordinal) {
    const SiteEntry E = Registry->find(S);
    EXPECT_EQ(E.Index, Index);
    if (Index == NoSiteIndex) {
      EXPECT_EQ(E.Counts, nullptr);
      return;
    }
    ASSERT_NE(E.Counts, nullptr);
    EXPECT_EQ(E.Counts->Guarded.addRelaxed(1) + 1, Ordinal);
  }

private:
  std::unique_ptr<SiteRegistry> Registry = std::make_unique<SiteRegistry>();
};

TEST_F(SitesTest, OrdinalsCountEachSite) {
  TestModule M(3);
  ASSERT_TRUE(registry().add(M.Descriptor, Untouched));
  for (uint32_t N = 1; N != 100; ++N) {
    expectNumber(M.Sites[0], 0, N);
    expectNumber(M.Sites[2], 2, 2 * N - 1);
    expectNumber(M.Sites[2], 2, 2 * N);
  }
  expectNumber(M.Sites[1], 1, 1);
}

TEST_F(SitesTest, IndicesGoOnAcrossModules) {
  TestModule A(3), B(1), Empty(size_t(0)), C(2);
  for (TestModule *M : {&A, &B, &Empty, &C})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  expectNumber(C.Sites[1], 5, 1);
  expectNumber(C.Sites[0], 4, 1);
  expectNumber(B.Sites[0], 3, 1);
  expectNumber(A.Sites[2], 2, 1);
  expectNumber(A.Sites[0], 0, 1);
}

TEST_F(SitesTest, ReturnAddressesTellTheirSites) {
  TestModule A(3), B(2);
  A.setReturn(0, 7);
  A.setReturn(2, 100);
  A.setReturn(2, 40); // A copy of the code; and no order.
  B.setReturn(1, 7);
  for (TestModule *M : {&A, &B})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  EXPECT_EQ(registry().findByReturn(A.returnAddress(7)), &A.Sites[0]);
  EXPECT_EQ(registry().findByReturn(A.returnAddress(40)), &A.Sites[2]);
  EXPECT_EQ(registry().findByReturn(A.returnAddress(100)), &A.Sites[2]);
  EXPECT_EQ(registry().findByReturn(B.returnAddress(7)), &B.Sites[1]);
}

TEST_F(SitesTest, OnlyTheExactReturnAddressCounts) {
  TestModule M(1);
  EXPECT_EQ(registry().findByReturn(M.returnAddress(7)), nullptr);
  M.setReturn(0, 7);
  ASSERT_TRUE(registry().add(M.Descriptor, Ones));
  EXPECT_EQ(registry().findByReturn(M.returnAddress(6)), nullptr);
  EXPECT_EQ(registry().findByReturn(M.returnAddress(8)), nullptr);
  EXPECT_EQ(registry().findByReturn(0), nullptr);
}

TEST_F(SitesTest, ReturnAddressesOfARemovedModuleAreForgotten) {
  TestModule A(1), B(1);
  A.setReturn(0, 7);
  B.setReturn(0, 9);
  for (TestModule *M : {&A, &B})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  registry().remove(A.Descriptor);
  EXPECT_EQ(registry().findByReturn(A.returnAddress(7)), nullptr);
  EXPECT_EQ(registry().findByReturn(B.returnAddress(9)), &B.Sites[0]);
}

TEST_F(SitesTest, CountsByNumber) {
  TestModule A(3), B(2);
  for (TestModule *M : {&A, &B})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  for (uint32_t Index : {1u, 4u, 4u, 5u, NoSiteIndex})
    registry().count(Index, &SiteCounts::Freed);
  EXPECT_EQ(registry().find(A.Sites[0]).Counts->Freed.loadRelaxed(), 0u);
  EXPECT_EQ(registry().find(A.Sites[1]).Counts->Freed.loadRelaxed(), 1u);
  EXPECT_EQ(registry().find(B.Sites[1]).Counts->Freed.loadRelaxed(), 2u);
  EXPECT_EQ(registry().find(B.Sites[1]).Counts->Guarded.loadRelaxed(), 0u);
  registry().remove(B.Descriptor);
  registry().count(4, &SiteCounts::Freed); // Nobody's.
}

TEST_F(SitesTest, RearmingComesAroundToEverySite) {
  TestModule A(50), Empty(size_t(0)), B(64), C(3);
  for (TestModule *M : {&A, &Empty, &B, &C})
    ASSERT_TRUE(registry().add(M->Descriptor, {256, 256}));
  registry().remove(C.Descriptor);
  for (int I = 0; I != 40; ++I)
    registry().rearmNext(16);
  for (TestModule *M : {&A, &B})
    for (uint32_t Weight : M->weights())
      EXPECT_GT(Weight, 256u);
  EXPECT_EQ(C.weights(), std::vector<uint32_t>(3, 256)) << "not known any more";
}

TEST_F(SitesTest, ContextsHaveWeightsOfTheirOwn) {
  TestModule M(3);
  M.Sites[1].Flags = SiteIsContext;
  ASSERT_TRUE(registry().add(M.Descriptor, {7, 8}));
  EXPECT_EQ(M.weights(), (std::vector<uint32_t>{7, 8, 7}));
}

TEST_F(SitesTest, AModuleWhoseSitesTheLinkerDropped) {
  uint64_t Window = NoWindow;
  const ModuleDescriptor None = {
      .Version = AbiVersion, .SiteSize = sizeof(Site), .Window = &Window};
  TestModule M(1);
  EXPECT_TRUE(registry().add(None, Ones));
  ASSERT_TRUE(registry().add(M.Descriptor, Ones));
  expectNumber(M.Sites[0], 0, 1);
  registry().remove(None);
  expectNumber(M.Sites[0], 0, 2);
}

TEST_F(SitesTest, UnknownSitesHaveNoNumber) {
  TestModule Known(2), Unknown(2);
  expectNumber(Known.Sites[0], NoSiteIndex, 0);
  ASSERT_TRUE(registry().add(Known.Descriptor, Ones));
  expectNumber(Unknown.Sites[0], NoSiteIndex, 0);
  expectNumber(Unknown.Sites[1], NoSiteIndex, 0);
  expectNumber(Known.Sites[2], NoSiteIndex, 0); // Just behind the last.
}

TEST_F(SitesTest, RemovedModulesAreForgotten) {
  TestModule A(2), B(3), C(1);
  for (TestModule *M : {&A, &B, &C})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  expectNumber(C.Sites[0], 5, 1);
  registry().remove(B.Descriptor);
  expectNumber(B.Sites[0], NoSiteIndex, 0);
  expectNumber(A.Sites[1], 1, 1);
  expectNumber(C.Sites[0], 5, 2);
  registry().remove(B.Descriptor); // Nothing to do.
  // Loaded again, perhaps at the same place: another module.
  ASSERT_TRUE(registry().add(B.Descriptor, Ones));
  expectNumber(B.Sites[2], 8, 1);
}

TEST_F(SitesTest, AddWritesTheWeightUnlessTheCellsHoldIt) {
  TestModule A(2), B(2);
  B.Weights[0] = 7;
  B.Weights[1] = 8;
  ASSERT_TRUE(registry().add(A.Descriptor, Ones));
  EXPECT_EQ(A.weights(), (std::vector<uint32_t>{1, 1}));
  ASSERT_TRUE(registry().add(B.Descriptor, Untouched));
  EXPECT_EQ(B.weights(), (std::vector<uint32_t>{7, 8}));
}

TEST_F(SitesTest, AsManyModulesAsThereIsRoomFor) {
  std::vector<std::unique_ptr<TestModule>> Modules;
  for (unsigned I = 0; I != MaxModules + 3; ++I) {
    Modules.push_back(std::make_unique<TestModule>(1));
    EXPECT_EQ(registry().add(Modules[I]->Descriptor, Ones), I < MaxModules);
    EXPECT_EQ(Modules[I]->Weights[0], 1u) << "weighted all the same";
  }
  expectNumber(Modules[MaxModules - 1]->Sites[0], MaxModules - 1, 1);
  expectNumber(Modules[MaxModules]->Sites[0], NoSiteIndex, 0);
  registry().remove(Modules[MaxModules]->Descriptor);
  registry().remove(Modules[0]->Descriptor);
  expectNumber(Modules[0]->Sites[0], NoSiteIndex, 0);
}

TEST_F(SitesTest, APluginMayBeLoadedAgainAndAgain) {
  TestModule Resident(1);
  ASSERT_TRUE(registry().add(Resident.Descriptor, Ones));
  for (unsigned I = 0; I != 3 * MaxModules; ++I) {
    TestModule Plugin(2);
    ASSERT_TRUE(registry().add(Plugin.Descriptor, Ones)) << I;
    expectNumber(Plugin.Sites[0], 1 + 2 * I, 1);
    registry().remove(Plugin.Descriptor);
  }
  expectNumber(Resident.Sites[0], 0, 1);
}

TEST_F(SitesTest, CountingGoesOnWhilePluginsComeAndGo) {
  constexpr unsigned Threads = 2;
  TestModule Low(1), Middle(2), High(1);
  ASSERT_TRUE(registry().add(Middle.Descriptor, Ones));
  std::atomic<bool> IsDone = false;
  std::atomic<unsigned> Wrong = 0;
  std::vector<std::thread> Crew;
  for (unsigned T = 0; T != Threads; ++T)
    Crew.emplace_back([&, T] {
      for (uint32_t N = 1; !IsDone; ++N) {
        const SiteEntry Got = registry().find(Middle.Sites[T]);
        Wrong += Got.Index != T || Got.Counts->Guarded.addRelaxed(1) + 1 != N;
      }
    });
  // On both sides of the module in use: a mixture of the two would hold it.
  for (unsigned I = 0; I != 20'000; ++I) {
    TestModule &Plugin = I % 2 ? Low : High;
    if (!registry().add(Plugin.Descriptor, Ones))
      ++Wrong;
    registry().remove(Plugin.Descriptor);
  }
  IsDone = true;
  for (std::thread &T : Crew)
    T.join();
  EXPECT_EQ(Wrong, 0u);
}

// Another thread may unload a module while this one looks for a site.
TEST_F(SitesTest, OtherModulesAreNotLookedAt) {
  const size_t Page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void *Memory = mmap(nullptr, Page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(Memory, MAP_FAILED);
  TestModule Going(2), Staying(2);
  auto *Descriptor = static_cast<ModuleDescriptor *>(Memory);
  *Descriptor = Going.Descriptor;
  ASSERT_TRUE(registry().add(*Descriptor, Ones));
  ASSERT_TRUE(registry().add(Staying.Descriptor, Ones));
  ASSERT_EQ(mprotect(Memory, Page, PROT_NONE), 0);
  expectNumber(Staying.Sites[1], 3, 1);
  registry().remove(*Descriptor);
  munmap(Memory, Page);
}

TEST_F(SitesTest, RacingThreadsGetDifferentOrdinals) {
  constexpr unsigned Threads = 4, Rounds = 5000;
  TestModule M(2);
  ASSERT_TRUE(registry().add(M.Descriptor, Ones));
  std::vector<std::vector<uint32_t>> Ordinals(Threads);
  std::vector<std::thread> Crew;
  for (unsigned T = 0; T != Threads; ++T)
    Crew.emplace_back([&, T] {
      for (unsigned I = 0; I != Rounds; ++I)
        Ordinals[T].push_back(
            registry().find(M.Sites[1]).Counts->Guarded.addRelaxed(1) + 1);
    });
  for (std::thread &T : Crew)
    T.join();
  std::set<uint32_t> All;
  for (auto &Mine : Ordinals)
    All.insert(Mine.begin(), Mine.end());
  EXPECT_EQ(All.size(), Threads * Rounds);
  EXPECT_EQ(*All.begin(), 1u);
  EXPECT_EQ(*All.rbegin(), Threads * Rounds);
}

TEST(SetWeights, AllSitesWithACell) {
  TestModule M({HeapFunction::Malloc, HeapFunction::New, HeapFunction::Free,
                HeapFunction::NewArrayAligned});
  M.Sites[2].Weight.Offset = 0; // A free site has none.
  setWeights(M.Descriptor, {9, 9});
  EXPECT_EQ(M.weights(), (std::vector<uint32_t>{9, 9, UncoveredWeight, 9}));
}

TEST(SetWeights, OnlyThoseOfOperatorNew) {
  const std::vector<HeapFunction> Callees = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) HeapFunction::Id,
#include "heapfence/heap_functions.def"
  };
  const std::vector<std::string> Symbols = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) Symbol,
#include "heapfence/heap_functions.def"
  };
  TestModule M(Callees);
  switchOffCxx(M.Descriptor);
  for (size_t I = 0; I != Callees.size(); ++I) {
    const bool IsMangled = Symbols[I].compare(0, 2, "_Z") == 0;
    EXPECT_EQ(M.Weights[I], IsMangled ? 0 : UncoveredWeight) << Symbols[I];
  }
}

TEST(SetWeights, NothingToDoWithoutSites) {
  uint64_t Window = NoWindow;
  const ModuleDescriptor None = {
      .Version = AbiVersion, .SiteSize = sizeof(Site), .Window = &Window};
  setWeights(None, Ones);
  switchOffCxx(None);
}

TEST_F(SitesTest, OnlyTheChosenOnesHaveAWeight) {
  SiteChoice Third;
  Third.IsSet = true;
  Third.Index = 3;
  registry().restrictTo(Third);
  TestModule A(2), B(3);
  B.Sites[1].Flags = SiteIsContext;
  ASSERT_TRUE(registry().add(A.Descriptor, {7, 8}));
  EXPECT_EQ(registry().chosenCount(), 0u);
  ASSERT_TRUE(registry().add(B.Descriptor, {7, 8}));
  EXPECT_EQ(registry().chosenCount(), 1u);
  EXPECT_EQ(A.weights(), (std::vector<uint32_t>{0, 0}));
  EXPECT_EQ(B.weights(), (std::vector<uint32_t>{0, 8, 0}));
  registry().setAllWeights({5, 6}, /*HasCxx=*/true);
  EXPECT_EQ(A.weights(), (std::vector<uint32_t>{0, 0}));
  EXPECT_EQ(B.weights(), (std::vector<uint32_t>{0, 6, 0}));
}

TEST_F(SitesTest, WithoutAWeightToSetTheOthersAreSwitchedOffTooWhenRestricted) {
  SiteChoice First;
  First.IsSet = true;
  registry().restrictTo(First);
  TestModule M(2);
  ASSERT_TRUE(registry().add(M.Descriptor, Untouched));
  EXPECT_EQ(M.weights(), (std::vector<uint32_t>{UncoveredWeight, 0}));
}

TEST_F(SitesTest, SitesByNumber) {
  TestModule A(2), B(3);
  for (TestModule *M : {&A, &B})
    ASSERT_TRUE(registry().add(M->Descriptor, Ones));
  EXPECT_EQ(registry().site(1), &A.Sites[1]);
  EXPECT_EQ(registry().site(4), &B.Sites[2]);
  EXPECT_EQ(registry().site(5), nullptr);
  EXPECT_EQ(registry().site(NoSiteIndex), nullptr);
  registry().remove(A.Descriptor);
  EXPECT_EQ(registry().site(1), nullptr);
  EXPECT_EQ(registry().site(2), &B.Sites[0]);
}

} // namespace
