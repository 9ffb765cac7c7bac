// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, hot sites take the time that rare ones need, or a site is
// forgotten, or never let go.

#include "governor.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace heapfence;

namespace {

constexpr Supply Plenty = {8000, 8000, 1000, false, false};

Supply withLevel(int64_t Level) { return {Level, 8000, 1000, false, false}; }

/// A site as it comes, guarded `Guarded` times, of those `Full` fully.
SiteState site(uint32_t Guarded, uint32_t Full, bool IsFocused = false) {
  return {AlwaysWeight, Guarded, Full, IsFocused};
}

SiteState withWeight(uint32_t Weight, uint32_t Guarded) {
  return {Weight, Guarded, Guarded};
}

TEST(Governor, TheLessASiteWasGuardedTheEarlierItGetsTime) {
  struct {
    uint32_t Guarded;
    int64_t Light; ///< Above it there is time for light guarding.
  } Cases[] = {{0, -1000}, {1, -500},  {2, 0},     {3, 0},     {4, 500},
               {15, 500},  {16, 2000}, {63, 2000}, {64, 3500}, {1000, 3500}};
  for (auto &C : Cases) {
    // Often enough fully: that takes more than there is.
    const SiteState S = site(C.Guarded, CoveredCount);
    const Judgement No = judge(S, withLevel(C.Light));
    EXPECT_EQ(No.How, Guarding::None) << C.Guarded;
    EXPECT_EQ(No.Why, Refusal::NoTime) << C.Guarded;
    const Judgement Yes = judge(S, withLevel(C.Light + 1));
    EXPECT_EQ(Yes.How, Guarding::Light) << C.Guarded;
    EXPECT_EQ(Yes.Why, Refusal::None) << C.Guarded;
  }
}

TEST(Governor, TheLessASiteWasFullyGuardedTheEarlierItGetsTimeForThat) {
  struct {
    uint32_t Full;
    int64_t Least; ///< Above it there is time.
  } Cases[] = {{0, -500},  {1, 1000},  {3, 1000},   {4, 2000},
               {63, 2000}, {64, 4000}, {1000, 4000}};
  for (auto &C : Cases)
    for (uint32_t Guarded : {C.Full, C.Full + 1000}) {
      const SiteState S = site(Guarded, C.Full);
      EXPECT_NE(judge(S, withLevel(C.Least)).How, Guarding::Full) << C.Full;
      EXPECT_EQ(judge(S, withLevel(C.Least + 1)).How, Guarding::Full) << C.Full;
    }
}

TEST(Governor, AFocusedSiteHasAHeadStart) {
  EXPECT_EQ(judge(site(7, 7, true), withLevel(-999)).How, Guarding::Light);
  EXPECT_EQ(judge(site(8, 8, true), withLevel(-999)).How, Guarding::None);
  EXPECT_EQ(judge(site(7, 7, true), withLevel(1)).How, Guarding::Full);
  EXPECT_EQ(judge(site(8, 8, true), withLevel(1)).How, Guarding::Light);
  const uint32_t Last = 8 * CoveredCount - 9;
  EXPECT_EQ(judge(site(Last, Last, true), Plenty).Weight, AlwaysWeight);
  EXPECT_LT(judge(site(Last + 9, Last + 9, true), Plenty).Weight, AlwaysWeight);
}

TEST(Governor, NoBudgetGuardsNothing) {
  for (uint32_t Guarded : {0u, 1u, 100u})
    EXPECT_EQ(judge(site(Guarded, 0), {0, 0, 0, false, false}).How,
              Guarding::None);
}

TEST(Governor, WhereRoomIsTightOnlyNewSitesGetIt) {
  Supply Tight = Plenty;
  Tight.IsLiveTight = true;
  EXPECT_EQ(judge(site(0, 0), Tight).How, Guarding::Full);
  EXPECT_EQ(judge(site(5, 0), Tight).How, Guarding::Full);
  EXPECT_EQ(judge(site(5, 1), Tight).How, Guarding::Light);
  Tight.IsLightTight = true;
  EXPECT_EQ(judge(site(0, 0), Tight).How, Guarding::Full);
  for (uint32_t Guarded : {1u, 64u}) {
    const Judgement J = judge(site(Guarded, Guarded), Tight);
    EXPECT_EQ(J.How, Guarding::None);
    EXPECT_EQ(J.Why, Refusal::NoRoom);
    EXPECT_EQ(J.Weight, MeanRefill / 4);
  }
}

TEST(Governor, ANewSiteIsAlwaysSampledUntilItIsCovered) {
  uint32_t Weight = AlwaysWeight;
  for (uint32_t Guarded = 0; Guarded + 1 < CoveredCount; ++Guarded) {
    Weight = judge(withWeight(Weight, Guarded), Plenty).Weight;
    EXPECT_EQ(Weight, AlwaysWeight) << Guarded;
  }
  EXPECT_LT(judge(withWeight(Weight, CoveredCount - 1), Plenty).Weight,
            MeanRefill);
}

TEST(Governor, RefusedSitesSinkButAreNeverSwitchedOff) {
  for (uint32_t Guarded : {0u, 1u, 100u}) {
    uint32_t Weight = AlwaysWeight;
    EXPECT_EQ(judge(withWeight(Weight, Guarded), withLevel(-5000)).Weight,
              MeanRefill / 2);
    for (int I = 0; I != 40; ++I) {
      const uint32_t Next =
          judge(withWeight(Weight, Guarded), withLevel(-5000)).Weight;
      EXPECT_LE(Next, Weight);
      Weight = Next;
    }
    EXPECT_EQ(Weight, WaitingWeight);
  }
}

TEST(Governor, ARefusedSiteComesBackWhenThereIsTime) {
  uint32_t Weight = WaitingWeight;
  unsigned Steps = 0;
  for (uint32_t Guarded = 0; Weight != AlwaysWeight; ++Guarded, ++Steps)
    Weight = judge(withWeight(Weight, Guarded), Plenty).Weight;
  EXPECT_LE(Steps, 17u); // 1/65536 to 1.
}

TEST(Governor, WhatWasForgottenAsksAgainWhenThereIsPlenty) {
  EXPECT_FALSE(hasPlenty(withLevel(3000)));
  EXPECT_TRUE(hasPlenty(withLevel(3001)));
  // Less than what covered sites leave, more than what others take.
  EXPECT_EQ(
      judge(site(CoveredCount - 1, CoveredCount - 1), withLevel(3000)).How,
      Guarding::Full);
  EXPECT_EQ(judge(site(CoveredCount, CoveredCount), withLevel(3501)).How,
            Guarding::Light);
  uint32_t Weight = WaitingWeight;
  unsigned Rounds = 0;
  for (; Weight != AlwaysWeight; ++Rounds)
    Weight = rearmed(withWeight(Weight, CoveredCount - 1));
  EXPECT_EQ(Rounds, 6u);
  EXPECT_EQ(rearmed(withWeight(WaitingWeight, CoveredCount)), FloorWeight);
  EXPECT_EQ(rearmed(withWeight(MeanRefill / 3, CoveredCount)), MeanRefill / 3);
  EXPECT_EQ(rearmed(withWeight(0, 0)), 0u) << "switched off";
}

TEST(Governor, ACoveredSiteComesBackToTheFloor) {
  uint32_t Weight = WaitingWeight;
  for (int I = 0; I != 5; ++I)
    Weight = judge(withWeight(Weight, CoveredCount), Plenty).Weight;
  EXPECT_EQ(Weight, FloorWeight);
}

TEST(Governor, CoveredSitesDecayToTheFloor) {
  // Expected executions from one sample to the next: 1 / probability.
  double Executions = CoveredCount;
  uint32_t Weight = AlwaysWeight, Guarded = CoveredCount;
  unsigned Samples = CoveredCount;
  while (Executions < 10'000) {
    Weight = judge(withWeight(Weight, Guarded), Plenty).Weight;
    Executions += double(MeanRefill) / Weight;
    ++Samples;
  }
  // As promised in governor.h: 64 (1 + ln(10000 / 64) / 2).
  EXPECT_NEAR(Samples, 64 * (1 + std::log(10'000. / 64) / 2), 60);
  for (int I = 0; I != 1000; ++I)
    Weight = judge(withWeight(Weight, Guarded), Plenty).Weight;
  EXPECT_EQ(Weight, FloorWeight);
}

} // namespace
