// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, reports confuse threads, or a pinned seed does not pin.

#include "thread.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

/// What `F` returns on a thread of its own.
template <typename F> auto onNewThread(F Body) {
  decltype(Body()) Result;
  std::thread([&] { Result = Body(); }).join();
  return Result;
}

std::vector<uint64_t> draws(unsigned Count) {
  std::vector<uint64_t> Result(Count);
  for (uint64_t &D : Result)
    D = nextRandom();
  return Result;
}

TEST(Thread, StartsWithNothing) {
  EXPECT_TRUE(onNewThread([] {
    const ThreadState &T = threadState();
    return __heapfence_countdown == 0 && T.Random == 0 && T.Number == 0 &&
           !T.HasCountdown && !T.IsReporting && T.AccessFor == nullptr;
  }));
}

TEST(Thread, NumbersAreDistinctAndStay) {
  std::set<uint32_t> Numbers = {threadNumber()};
  EXPECT_EQ(Numbers.count(threadNumber()), 1u);
  std::mutex Lock;
  std::vector<std::thread> Crew;
  for (int I = 0; I != 20; ++I)
    Crew.emplace_back([&] {
      const uint32_t Mine = threadNumber();
      EXPECT_EQ(threadNumber(), Mine);
      const std::lock_guard<std::mutex> Guard(Lock);
      EXPECT_TRUE(Numbers.insert(Mine).second);
    });
  for (std::thread &T : Crew)
    T.join();
  EXPECT_EQ(Numbers.size(), 21u);
}

TEST(Thread, NumbersFollowTheOrderOfFirstUse) {
  const uint32_t First = onNewThread(threadNumber);
  EXPECT_EQ(onNewThread(threadNumber), First + 1);
  EXPECT_EQ(onNewThread(threadNumber), First + 2);
}

TEST(Thread, ASeedPinsTheDraws) {
  seedRandom(42);
  const std::vector<uint64_t> First = draws(100);
  seedRandom(42);
  EXPECT_EQ(draws(100), First);
  seedRandom(43);
  EXPECT_NE(draws(100), First);
}

TEST(Thread, ThreadsDrawDifferently) {
  seedRandom(42);
  const std::vector<uint64_t> Mine = draws(10);
  const auto Draw = [] { return draws(10); };
  const std::vector<uint64_t> Other = onNewThread(Draw);
  EXPECT_NE(Other, Mine);
  EXPECT_NE(onNewThread(Draw), Other);
}

TEST(Thread, DrawsUseAllBits) {
  seedRandom(1);
  constexpr int Count = 10'000;
  unsigned Ones[64] = {};
  std::set<uint64_t> Seen;
  for (uint64_t D : draws(Count)) {
    Seen.insert(D);
    for (unsigned Bit = 0; Bit != 64; ++Bit)
      Ones[Bit] += D >> Bit & 1;
  }
  EXPECT_EQ(Seen.size(), size_t(Count));
  for (unsigned N : Ones)
    EXPECT_NEAR(N, Count / 2, 5 * 50); // Five standard deviations.
}

} // namespace
