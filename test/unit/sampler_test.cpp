// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, allocations are sampled more or less often than the user was
// told, or the first execution of a site goes unguarded. Draws are pinned;
// bounds are five standard deviations.

#include "sampler.h"
#include "test_site.h"
#include "thread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <vector>

using namespace heapfence;

namespace {

/// Time and room enough for everything.
constexpr Supply Rich = {1'000'000, 1'000'000, 1000, false, false};

/// What the guard in instrumented code does. Returns: true if sampled.
bool execute(Sampler &S, TestSite &At) {
  const uint32_t Weight = __atomic_load_n(&At.Weight, __ATOMIC_RELAXED);
  __heapfence_countdown = static_cast<int32_t>(
      static_cast<uint32_t>(__heapfence_countdown) - Weight);
  return __heapfence_countdown < 0 &&
         S.judgeTrip(At.Record, &At.Counts, Rich) != Guarding::None;
}

/// The calling thread as it is when it starts, but for the draws to come.
void startThread(uint64_t Seed) {
  __heapfence_countdown = 0;
  threadState().HasCountdown = false;
  threadState().PlainRest = 0;
  threadState().LastLookNs = 0;
  threadState().Random = Seed * 0x9e3779b97f4a7c15 | 1;
}

/// The calling thread in the midst of its life.
void startThreadAt(int32_t Countdown) {
  startThread(1);
  threadState().HasCountdown = true;
  __heapfence_countdown = Countdown;
}

Sampler samplerOf(uint32_t Every) {
  Sampler S;
  SamplerConfig Config;
  Config.Every = Every;
  S.init(Config);
  return S;
}

/// Allocations from one sample to the next, the latter included.
std::vector<uint32_t> gaps(uint32_t Every, size_t Count) {
  Sampler S = samplerOf(Every);
  TestSite At(S.initialWeights().Allocation);
  startThread(Every);
  while (!execute(S, At))
    ;
  std::vector<uint32_t> Result;
  while (Result.size() != Count) {
    uint32_t Gap = 1;
    while (!execute(S, At))
      ++Gap;
    Result.push_back(Gap);
  }
  return Result;
}

TEST(Sampler, EveryAllocationWithOne) {
  Sampler S = samplerOf(1);
  TestSite At(S.initialWeights().Allocation);
  for (uint64_t Seed = 0; Seed != 100; ++Seed) {
    startThread(Seed);
    for (int I = 0; I != 100; ++I)
      ASSERT_TRUE(execute(S, At));
  }
}

class RateTest : public testing::TestWithParam<uint32_t> {};

TEST_P(RateTest, OneInNOnAverage) {
  const double N = GetParam();
  const size_t Count = std::min<size_t>(200'000, size_t(2e8 / N));
  double Sum = 0;
  for (uint32_t Gap : gaps(GetParam(), Count))
    Sum += Gap;
  // Uniform in [1, 2N-1].
  const double Deviation =
      std::sqrt(((2 * N - 1) * (2 * N - 1) - 1) / 12 / double(Count));
  EXPECT_NEAR(Sum / double(Count), N, 5 * Deviation);
}

TEST_P(RateTest, GapsFromOneToTwiceN) {
  const std::vector<uint32_t> G = gaps(GetParam(), 2000);
  EXPECT_GE(*std::min_element(G.begin(), G.end()), 1u);
  EXPECT_LE(*std::max_element(G.begin(), G.end()), 2 * GetParam() - 1);
}

// A thread that lives for few allocations gives as many samples as a share of
// a long one would.
TEST_P(RateTest, TheFirstAllocationsOfAThreadAreLikeAnyOther) {
  const double N = GetParam();
  Sampler S = samplerOf(GetParam());
  TestSite At(S.initialWeights().Allocation);
  constexpr unsigned Positions = 12;
  const double Threads = 100'000 * std::min(N, 20.0);
  unsigned Samples[Positions] = {};
  for (uint64_t Seed = 0; Seed != uint64_t(Threads); ++Seed) {
    startThread(Seed);
    for (unsigned &Here : Samples)
      Here += execute(S, At);
  }
  const double Deviation = std::sqrt(Threads / N * (1 - 1 / N));
  for (unsigned I = 0; I != Positions; ++I)
    EXPECT_NEAR(Samples[I], Threads / N, 5 * Deviation + 0.5) << I;
}

INSTANTIATE_TEST_SUITE_P(Every, RateTest,
                         testing::Values(1, 2, 3, 10, 1000, 5000));

TEST(Sampler, EveryGapIsAsLikelyAsTheOthers) {
  constexpr uint32_t Every = 8, Count = 150'000;
  std::map<uint32_t, unsigned> Seen;
  for (uint32_t Gap : gaps(Every, Count))
    ++Seen[Gap];
  const double Mean = double(Count) / (2 * Every - 1);
  for (uint32_t Gap = 1; Gap != 2 * Every; ++Gap)
    EXPECT_NEAR(Seen[Gap], Mean, 5 * std::sqrt(Mean)) << Gap;
}

TEST(Sampler, TheRarestRateIsWhatItSays) {
  constexpr uint32_t Rarest = 1 << 28; // As options.def allows.
  Sampler S = samplerOf(Rarest);
  TestSite At(S.initialWeights().Allocation);
  double Sum = 0;
  uint32_t Highest = 0;
  constexpr int Threads = 20'000;
  for (uint64_t Seed = 0; Seed != Threads; ++Seed) {
    startThread(Seed);
    execute(S, At);
    ASSERT_GE(__heapfence_countdown, 0);
    const uint32_t Gap =
        uint32_t(__heapfence_countdown) / PlainWeight + threadState().PlainRest;
    ASSERT_LT(Gap, 2 * Rarest - 1);
    Highest = std::max(Highest, Gap);
    Sum += Gap;
  }
  EXPECT_GT(Highest, Rarest);
  // The first of a thread: 2N/3 on average, deviation N * sqrt(2)/3.
  EXPECT_NEAR(Sum / Threads / Rarest, 2. / 3, 5 * 0.4714 / std::sqrt(Threads));
}

TEST(Sampler, AThreadLooksAgainSoon) {
  Sampler S = samplerOf(1 << 28);
  TestSite At(S.initialWeights().Allocation);
  startThread(1);
  execute(S, At);
  for (int I = 0; I != 100; ++I) {
    ASSERT_LE(__heapfence_countdown / int32_t(PlainWeight), 1 << 16);
    __heapfence_countdown = -1;
    ASSERT_EQ(S.judgeTrip(At.Record, &At.Counts, Rich), Guarding::None);
  }
}

TEST(Sampler, AChangeOfModeIsSoonNoticed) {
  Sampler S = samplerOf(0);
  startThreadAt(int32_t(2 * MeanRefill) - 1); // The longest.
  SamplerConfig Every;
  Every.Every = 1;
  S.init(Every);
  TestSite At(S.initialWeights().Allocation);
  unsigned Executions = 1;
  while (!execute(S, At))
    ++Executions;
  EXPECT_LE(Executions, 10'000u);
  for (int I = 0; I != 100; ++I)
    EXPECT_TRUE(execute(S, At));
}

TEST(Sampler, PausedNothingIsSampled) {
  for (uint32_t Every : {0u, 1u}) {
    Sampler S = samplerOf(Every);
    S.pause(true);
    startThread(1);
    TestSite At(S.initialWeights().Allocation);
    for (int I = 0; I != 100'000; ++I)
      ASSERT_FALSE(execute(S, At));
    S.pause(false);
    At.Weight = S.initialWeights().Allocation;
    unsigned Samples = 0;
    for (int I = 0; I != 10'000; ++I)
      Samples += execute(S, At);
    EXPECT_GT(Samples, 5000u);
  }
}

TEST(Sampler, WhereRestrictedEachExecutionIsSampledContextsToo) {
  SamplerConfig Config;
  Config.IsRestricted = true;
  for (uint32_t Every : {0, 5000}) {
    Config.Every = Every;
    Config.IntervalMs = 1000;
    Sampler S;
    S.init(Config);
    EXPECT_EQ(S.mode(), SamplingMode::Plain);
    EXPECT_EQ(S.initialWeights().Context, PlainWeight);
    startThread(3);
    TestSite Chosen(S.initialWeights().Allocation), Other(0);
    for (int I = 0; I != 1000; ++I) {
      EXPECT_FALSE(execute(S, Other));
      EXPECT_TRUE(execute(S, Chosen));
    }
  }
}

TEST(Sampler, UniformSitesStartCovered) {
  EXPECT_EQ(samplerOf(1).initialWeights().Allocation, PlainWeight);
  EXPECT_EQ(samplerOf(5000).initialWeights().Allocation, PlainWeight);
  EXPECT_EQ(samplerOf(5000).initialWeights().Context, 0u)
      << "contexts do not count";
  EXPECT_EQ(samplerOf(0).initialWeights().Allocation, UncoveredWeight);
  EXPECT_EQ(samplerOf(0).initialWeights().Context, UncoveredWeight);
}

// Governed: by weight.

constexpr Supply Poor = {-1001, 1'000'000, 1000, false, false};

TEST(Sampler, ANewSiteIsSampledAndTheCountdownRestored) {
  Sampler S = samplerOf(0);
  for (int32_t Countdown : {0, 1, 2, 9998, 1 << 24, (1 << 25) - 2}) {
    startThreadAt(Countdown);
    TestSite At;
    for (int I = 0; I != 10; ++I) {
      EXPECT_TRUE(execute(S, At));
      EXPECT_EQ(At.Weight, AlwaysWeight);
      EXPECT_EQ(__heapfence_countdown, Countdown);
    }
  }
}

TEST(Sampler, ANewSiteMayBeTheFirstOfItsThread) {
  Sampler S = samplerOf(0);
  for (uint64_t Seed = 0; Seed != 1000; ++Seed) {
    startThread(Seed);
    TestSite At;
    ASSERT_TRUE(execute(S, At));
    ASSERT_TRUE(threadState().HasCountdown);
    ASSERT_GE(__heapfence_countdown, 0);
    ASSERT_LT(__heapfence_countdown, int32_t(2 * MeanRefill));
  }
}

/// Executions that are sampled of `Count`, at a weight that stays.
unsigned samplesAt(uint32_t Weight, unsigned Count, uint64_t Seed) {
  Sampler S = samplerOf(0);
  startThread(Seed);
  TestSite At(Weight);
  At.Counts.Guarded.storeRelaxed(CoveredCount);
  unsigned Samples = 0;
  for (unsigned I = 0; I != Count; ++I) {
    Samples += execute(S, At);
    At.Weight = Weight;
  }
  return Samples;
}

TEST(Sampler, AWeightIsAProbability) {
  for (uint32_t Every : {64u, 500u, 5000u}) {
    const unsigned Count = 4000 * Every;
    // The variance of a renewal count, with gaps uniform in [0, 2N].
    const double Expected = 4000, Deviation = std::sqrt(Expected / 3);
    EXPECT_NEAR(samplesAt(MeanRefill / Every, Count, Every), Expected,
                5 * Deviation + Expected / Every)
        << Every;
  }
}

TEST(Sampler, SitesThatShareACountdownShareByWeight) {
  Sampler S = samplerOf(0);
  startThread(5);
  TestSite Light(MeanRefill / 4000), Heavy(MeanRefill / 1000);
  unsigned Samples[2] = {};
  for (unsigned I = 0; I != 8'000'000; ++I) {
    unsigned N = 0;
    for (TestSite *At : {&Light, &Heavy}) {
      const uint32_t Weight = At->Weight;
      Samples[N++] += execute(S, *At);
      At->Weight = Weight;
    }
  }
  EXPECT_NEAR(Samples[0], 2000, 5 * std::sqrt(2000));
  EXPECT_NEAR(Samples[1], 8000, 5 * std::sqrt(8000));
}

// Chi-square over pinned seeds: none of many like sites starves.
TEST(Sampler, LikeSitesGetLikeShares) {
  constexpr unsigned SiteCount = 100, Rounds = 200'000;
  for (uint64_t Seed : {1, 2, 3}) {
    Sampler S = samplerOf(0);
    startThread(Seed);
    constexpr uint32_t Weight = MeanRefill / 2000;
    std::vector<TestSite> Sites(SiteCount, TestSite(Weight));
    std::vector<unsigned> Samples(SiteCount);
    for (TestSite &At : Sites)
      refer(At.Record.Weight, &At.Weight);
    for (unsigned R = 0; R != Rounds; ++R)
      for (unsigned I = 0; I != SiteCount; ++I) {
        Samples[I] += execute(S, Sites[I]);
        Sites[I].Weight = Weight;
      }
    const double Mean = double(Rounds) / 2000;
    double ChiSquare = 0;
    for (unsigned N : Samples)
      ChiSquare += (N - Mean) * (N - Mean) / Mean;
    // 99 degrees of freedom: 0.9999 of all draws lie below.
    EXPECT_LT(ChiSquare, 161) << Seed;
    EXPECT_GT(*std::min_element(Samples.begin(), Samples.end()), Mean / 2);
  }
}

TEST(Sampler, ARefusedSiteAsksLessOftenAndIsCounted) {
  Sampler S = samplerOf(0);
  startThreadAt(1 << 20);
  TestSite At;
  __heapfence_countdown -= int32_t(At.Weight);
  EXPECT_EQ(S.judgeTrip(At.Record, &At.Counts, Poor), Guarding::None);
  EXPECT_EQ(At.Weight, MeanRefill / 2);
  EXPECT_EQ(At.Counts.NoTime.loadRelaxed(), 1u);
  EXPECT_EQ(At.Counts.NoRoom.loadRelaxed(), 0u);
  At.Counts.Guarded.storeRelaxed(1);
  __heapfence_countdown = -1;
  EXPECT_EQ(S.judgeTrip(At.Record, &At.Counts, {1000, 1000, 10, true, true}),
            Guarding::None);
  EXPECT_EQ(At.Counts.NoRoom.loadRelaxed(), 1u);
}

TEST(Sampler, ASiteSwitchedOffMeanwhileStaysOff) {
  Sampler S = samplerOf(0);
  startThreadAt(5);
  TestSite At;
  __heapfence_countdown -= UncoveredWeight;
  At.Weight = 0;
  EXPECT_EQ(S.judgeTrip(At.Record, &At.Counts, Rich), Guarding::None);
  EXPECT_EQ(At.Weight, 0u);
  EXPECT_FALSE(execute(S, At));
  EXPECT_EQ(__heapfence_countdown, 5) << "and costs nothing";
}

// A signal handler that allocates between a guard's store and its slow path.
TEST(Sampler, AnInterruptedGuardFindsItsCountdown) {
  Sampler S = samplerOf(0);
  for (int32_t Countdown : {0, 1, 100, 9998}) {
    startThreadAt(Countdown);
    TestSite Outer, Inner;
    __heapfence_countdown -= UncoveredWeight; // Outer's guard.
    EXPECT_TRUE(execute(S, Inner));
    EXPECT_GE(__heapfence_countdown, 0);
  }
}

TEST(Sampler, AContextThatAllocatesNothingAsksLessOften) {
  Sampler S = samplerOf(0);
  TestSite At;
  for (int I = 0; I != 100; ++I) {
    const uint32_t Before = At.Weight;
    S.sampledInVain(At.Record);
    EXPECT_LE(At.Weight, Before);
  }
  EXPECT_EQ(At.Weight, WaitingWeight);
}

// Intervals: by the clock.

TEST(Sampler, EachIntervalHasItsBurst) {
  for (uint32_t Burst : {1u, 3u}) {
    Sampler S;
    SamplerConfig Config;
    Config.IntervalMs = 20;
    Config.Burst = Burst;
    S.init(Config);
    EXPECT_EQ(S.initialWeights().Allocation, PlainWeight);
    TestSite At(PlainWeight);
    startThread(1);
    unsigned Samples = 0;
    uint64_t Executions = 0;
    const auto Start = std::chrono::steady_clock::now();
    std::chrono::duration<double> Elapsed{};
    while (Elapsed.count() < 0.5) {
      for (int I = 0; I != 1000; ++I, ++Executions)
        Samples += execute(S, At);
      Elapsed = std::chrono::steady_clock::now() - Start;
    }
    // The first at once; a busy machine loses some.
    EXPECT_LE(Samples, (Elapsed.count() / 0.02 + 1) * Burst);
    EXPECT_GE(Samples, 10 * Burst) << Executions;
  }
}

TEST(Sampler, WhatIsSampledInVainAsksLessAndLess) {
  Sampler S;
  S.init({});
  TestSite At(AlwaysWeight);
  startThreadAt(0);
  unsigned Sampled = 0;
  for (int I = 0; I != 1000; ++I)
    if (execute(S, At)) {
      S.sampledInVain(At.Record);
      ++Sampled;
    }
  EXPECT_GE(Sampled, 1u);
  EXPECT_LE(Sampled, 12u);
  EXPECT_LE(At.Weight, MeanRefill / 100);
  EXPECT_GE(At.Weight, WaitingWeight) << "and is not forgotten";
}

} // namespace
