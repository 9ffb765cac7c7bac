// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, hot sites take the time that rare ones need, or a site is
// forgotten, or never let go.

#include "governor.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace heapfence;

namespace {

constexpr Supply Full = {8000, 8000, 1000, false};

Supply withLevel(int64_t Level) { return {Level, 8000, 1000, false}; }

Verdict verdict(uint32_t Guarded, int64_t Level) {
  return judge({AlwaysWeight, Guarded}, withLevel(Level)).What;
}

TEST(Governor, TheLessASiteWasGuardedTheEarlierItGetsTime) {
  struct {
    uint32_t Guarded;
    int64_t Least; ///< Above it there is time.
  } Cases[] = {{0, -1000}, {1, 0},     {3, 0},     {4, 1000},   {15, 1000},
               {16, 2000}, {63, 2000}, {64, 4000}, {1000, 4000}};
  for (auto &C : Cases) {
    EXPECT_EQ(verdict(C.Guarded, C.Least), Verdict::NoTime) << C.Guarded;
    EXPECT_EQ(verdict(C.Guarded, C.Least + 1), Verdict::Sampled) << C.Guarded;
  }
}

TEST(Governor, AFocusedSiteHasAHeadStart) {
  auto Focused = [](uint32_t Guarded, int64_t Level) {
    return judge({AlwaysWeight, Guarded, true}, withLevel(Level));
  };
  EXPECT_EQ(Focused(7, -999).What, Verdict::Sampled);
  EXPECT_EQ(Focused(8, -999).What, Verdict::NoTime);
  EXPECT_EQ(Focused(8 * CoveredCount - 9, 8000).Weight, AlwaysWeight);
  EXPECT_LT(Focused(8 * CoveredCount, 8000).Weight, AlwaysWeight);
}

TEST(Governor, NoBudgetGuardsNothing) {
  for (uint32_t Guarded : {0u, 1u, 100u})
    EXPECT_EQ(judge({AlwaysWeight, Guarded}, {0, 0, 0, false}).What,
              Verdict::NoTime);
}

TEST(Governor, WhereRoomIsTightOnlyNewSitesGetIt) {
  Supply Tight = Full;
  Tight.IsLiveTight = true;
  EXPECT_EQ(judge({AlwaysWeight, 0}, Tight).What, Verdict::Sampled);
  for (uint32_t Guarded : {1u, 64u}) {
    const Judgement J = judge({AlwaysWeight, Guarded}, Tight);
    EXPECT_EQ(J.What, Verdict::NoRoom);
    EXPECT_EQ(J.Weight, MeanRefill / 4);
  }
}

TEST(Governor, ANewSiteIsAlwaysSampledUntilItIsCovered) {
  uint32_t Weight = AlwaysWeight;
  for (uint32_t Guarded = 0; Guarded + 1 < CoveredCount; ++Guarded) {
    Weight = judge({Weight, Guarded}, Full).Weight;
    EXPECT_EQ(Weight, AlwaysWeight) << Guarded;
  }
  EXPECT_LT(judge({Weight, CoveredCount - 1}, Full).Weight, MeanRefill);
}

TEST(Governor, RefusedSitesSinkButAreNeverSwitchedOff) {
  for (uint32_t Guarded : {0u, 1u, 100u}) {
    uint32_t Weight = AlwaysWeight;
    EXPECT_EQ(judge({Weight, Guarded}, withLevel(-5000)).Weight,
              MeanRefill / 2);
    for (int I = 0; I != 40; ++I) {
      const uint32_t Next = judge({Weight, Guarded}, withLevel(-5000)).Weight;
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
    Weight = judge({Weight, Guarded}, Full).Weight;
  EXPECT_LE(Steps, 17u); // 1/65536 to 1.
}

TEST(Governor, WhatWasForgottenAsksAgainWhenThereIsPlenty) {
  EXPECT_FALSE(hasPlenty(withLevel(3000)));
  EXPECT_TRUE(hasPlenty(withLevel(3001)));
  // Less than what covered sites leave, more than what others take.
  EXPECT_EQ(verdict(CoveredCount - 1, 3000), Verdict::Sampled);
  EXPECT_EQ(verdict(CoveredCount, 3001), Verdict::NoTime);
  uint32_t Weight = WaitingWeight;
  unsigned Rounds = 0;
  for (; Weight != AlwaysWeight; ++Rounds)
    Weight = rearmed({Weight, CoveredCount - 1});
  EXPECT_EQ(Rounds, 6u);
  EXPECT_EQ(rearmed({WaitingWeight, CoveredCount}), FloorWeight);
  EXPECT_EQ(rearmed({MeanRefill / 3, CoveredCount}), MeanRefill / 3);
  EXPECT_EQ(rearmed({0, 0}), 0u) << "switched off";
}

TEST(Governor, ACoveredSiteComesBackToTheFloor) {
  uint32_t Weight = WaitingWeight;
  for (int I = 0; I != 5; ++I)
    Weight = judge({Weight, CoveredCount}, Full).Weight;
  EXPECT_EQ(Weight, FloorWeight);
}

TEST(Governor, CoveredSitesDecayToTheFloor) {
  // Expected executions from one sample to the next: 1 / probability.
  double Executions = CoveredCount;
  uint32_t Weight = AlwaysWeight, Guarded = CoveredCount;
  unsigned Samples = CoveredCount;
  while (Executions < 10'000) {
    Weight = judge({Weight, Guarded}, Full).Weight;
    Executions += double(MeanRefill) / Weight;
    ++Samples;
  }
  // As promised in governor.h: 64 (1 + ln(10000 / 64) / 2).
  EXPECT_NEAR(Samples, 64 * (1 + std::log(10'000. / 64) / 2), 60);
  for (int I = 0; I != 1000; ++I)
    Weight = judge({Weight, Guarded}, Full).Weight;
  EXPECT_EQ(Weight, FloorWeight);
}

} // namespace
