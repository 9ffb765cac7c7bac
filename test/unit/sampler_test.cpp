// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, allocations are sampled more or less often than the user was
// told, or the first execution of a site goes unguarded. Draws are pinned;
// bounds are five standard deviations.

#include "sampler.h"
#include "test_site.h"
#include "thread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <map>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

/// What the guard in instrumented code does. Returns: true if sampled.
bool execute(Sampler &S, TestSite &At) {
  const uint32_t Weight = __atomic_load_n(&At.Weight, __ATOMIC_RELAXED);
  __heapfence_countdown = static_cast<int32_t>(
      static_cast<uint32_t>(__heapfence_countdown) - Weight);
  return __heapfence_countdown < 0 && S.isSampled(At.Record);
}

/// The calling thread as it is when it starts, but for the draws to come.
void startThread(uint64_t Seed) {
  __heapfence_countdown = 0;
  threadState().HasCountdown = false;
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
  S.init(Every);
  return S;
}

/// Allocations from one sample to the next, the latter included.
std::vector<uint32_t> gaps(uint32_t Every, size_t Count) {
  Sampler S = samplerOf(Every);
  TestSite At(S.initialWeight());
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
  TestSite At(S.initialWeight());
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
  TestSite At(S.initialWeight());
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

TEST(Sampler, TheRarestRateKeepsTheCountdownInRange) {
  constexpr uint32_t Rarest = 1 << 28; // As options.def allows.
  Sampler S = samplerOf(Rarest);
  TestSite At(S.initialWeight());
  int32_t Highest = 0;
  for (uint64_t Seed = 0; Seed != 100'000; ++Seed) {
    startThread(Seed);
    execute(S, At);
    ASSERT_GE(__heapfence_countdown, 0);
    ASSERT_LT(__heapfence_countdown, int32_t(2 * Rarest - 1));
    Highest = std::max(Highest, __heapfence_countdown);
  }
  EXPECT_GT(Highest, int32_t(Rarest));
}

TEST(Sampler, UniformSitesStartCovered) {
  EXPECT_EQ(samplerOf(1).initialWeight(), 1u);
  EXPECT_EQ(samplerOf(5000).initialWeight(), 1u);
  EXPECT_EQ(samplerOf(0).initialWeight(), UncoveredWeight);
}

TEST(Sampler, AnUncoveredSiteIsSampledOnceAndTheCountdownRestored) {
  Sampler S = samplerOf(0);
  // All that a countdown can be, the rarest rate included.
  for (int32_t Countdown : {0, 1, 2, 9998, 1 << 28, (1 << 29) - 2}) {
    startThreadAt(Countdown);
    TestSite At;
    EXPECT_TRUE(execute(S, At));
    EXPECT_EQ(At.Weight, 1u);
    EXPECT_EQ(__heapfence_countdown, Countdown);
    if (Countdown) {
      EXPECT_FALSE(execute(S, At));
      EXPECT_EQ(__heapfence_countdown, Countdown - 1);
    }
  }
}

TEST(Sampler, ManyUncoveredSitesOnceEach) {
  Sampler S = samplerOf(0);
  startThreadAt(10'000);
  std::vector<TestSite> Sites(1000);
  for (int Round = 0; Round != 5; ++Round)
    for (TestSite &At : Sites)
      ASSERT_EQ(execute(S, At), Round == 0);
  EXPECT_EQ(__heapfence_countdown, 10'000 - 4 * 1000);
}

TEST(Sampler, AnUncoveredSiteIsTheFirstOfItsThread) {
  Sampler S = samplerOf(0);
  for (uint64_t Seed = 0; Seed != 1000; ++Seed) {
    startThread(Seed);
    TestSite At;
    ASSERT_TRUE(execute(S, At));
    ASSERT_TRUE(threadState().HasCountdown);
    ASSERT_GE(__heapfence_countdown, 0);
    ASSERT_LT(__heapfence_countdown, 2 * 5000);
  }
}

TEST(Sampler, CoveredSitesOneIn5000) {
  Sampler S = samplerOf(0);
  startThread(3);
  TestSite At;
  EXPECT_TRUE(execute(S, At));
  constexpr double Executions = 20'000'000, N = 5000;
  unsigned Samples = 0;
  for (int I = 0; I != int(Executions); ++I)
    Samples += execute(S, At);
  // The variance of a renewal count, with gaps uniform in [1, 2N-1].
  const double Deviation = std::sqrt(Executions / N / 3);
  EXPECT_NEAR(Samples, Executions / N, 5 * Deviation);
}

TEST(Sampler, ASiteThatAnotherThreadCoversMeanwhileCountsAsOne) {
  Sampler S = samplerOf(0);
  for (int32_t Countdown : {0, 1, 5000}) {
    startThreadAt(Countdown);
    TestSite At;
    // The guard read the weight, then the other thread came.
    __heapfence_countdown -= UncoveredWeight;
    At.Weight = 1;
    EXPECT_EQ(S.isSampled(At.Record), Countdown == 0);
    if (Countdown)
      EXPECT_EQ(__heapfence_countdown, Countdown - 1);
    else
      EXPECT_GE(__heapfence_countdown, 0);
    EXPECT_EQ(At.Weight, 1u);
  }
}

TEST(Sampler, ASiteSwitchedOffMeanwhileStaysOff) {
  Sampler S = samplerOf(0);
  startThreadAt(5);
  TestSite At;
  __heapfence_countdown -= UncoveredWeight;
  At.Weight = 0;
  EXPECT_FALSE(S.isSampled(At.Record));
  EXPECT_EQ(At.Weight, 0u);
  EXPECT_FALSE(execute(S, At));
  EXPECT_EQ(__heapfence_countdown, 5) << "and costs nothing";
}

TEST(Sampler, RacingThreadsCoverEachSiteOnce) {
  constexpr unsigned Threads = 4, SiteCount = 2000;
  constexpr int32_t Start = 1'000'000;
  Sampler S = samplerOf(0);
  std::vector<TestSite> Sites(SiteCount);
  std::vector<std::atomic<unsigned>> Samples(SiteCount);
  std::atomic<int> Wrong = 0;
  std::barrier Gate(Threads);
  std::vector<std::thread> Crew;
  for (unsigned T = 0; T != Threads; ++T)
    Crew.emplace_back([&] {
      startThreadAt(Start);
      int32_t Mine = 0;
      for (unsigned I = 0; I != SiteCount; ++I) {
        if (I % 50 == 0)
          Gate.arrive_and_wait();
        const bool IsSampled = execute(S, Sites[I]);
        Samples[I] += IsSampled;
        Mine += IsSampled;
      }
      // Each that was not sampled took one.
      Wrong += __heapfence_countdown != Start - (int32_t(SiteCount) - Mine);
    });
  for (std::thread &T : Crew)
    T.join();
  for (unsigned I = 0; I != SiteCount; ++I)
    EXPECT_EQ(Samples[I], 1u) << I;
  EXPECT_EQ(Wrong, 0);
}

// A signal handler that allocates between a guard's store and its slow path.
TEST(Sampler, AnInterruptedGuardFindsItsCountdown) {
  Sampler S = samplerOf(0);
  for (int32_t Countdown : {0, 1, 100, 9998}) {
    startThreadAt(Countdown);
    TestSite Outer, Inner;
    __heapfence_countdown -= UncoveredWeight; // Outer's guard.
    EXPECT_TRUE(execute(S, Inner));
    EXPECT_TRUE(S.isSampled(Outer.Record));
    EXPECT_EQ(__heapfence_countdown, Countdown);
  }
}

} // namespace
