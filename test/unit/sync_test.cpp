// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, two threads change the pool at once, or one waits for ever.

#include "counters.h"
#include "sync.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

TEST(TryLock, IsRefusedWhileHeld) HF_NO_ANALYSIS {
  TryLock L;
  ASSERT_TRUE(L.tryLock());
  EXPECT_FALSE(L.tryLock());
  EXPECT_FALSE(L.tryLock(/*Spins=*/1000)) << "but after a bounded time";
  L.unlock();
  EXPECT_TRUE(L.tryLock());
  L.unlock();
}

TEST(TryLock, NoAttemptsNoLock) HF_NO_ANALYSIS {
  TryLock L;
  EXPECT_FALSE(L.tryLock(/*Spins=*/0));
}

class ContendedLock : public testing::TestWithParam<unsigned> {};

TEST_P(ContendedLock, OneHolderAtATime) {
  TryLock L;
  uint64_t Counter = 0; // Plain: the lock alone protects it.
  const unsigned Rounds = 400'000 / GetParam();
  std::vector<std::thread> Crew;
  for (unsigned T = 0; T != GetParam(); ++T)
    Crew.emplace_back([&]() HF_NO_ANALYSIS {
      for (unsigned I = 0; I != Rounds; ++I) {
        while (!L.tryLock(1000))
          std::this_thread::yield();
        ++Counter;
        L.unlock();
      }
    });
  for (std::thread &T : Crew)
    T.join();
  EXPECT_EQ(Counter, uint64_t(GetParam()) * Rounds);
}

INSTANTIATE_TEST_SUITE_P(Threads, ContendedLock, testing::Values(4, 100));

TEST(Atomic, Operations) {
  Atomic<uint32_t> A;
  EXPECT_EQ(A.loadRelaxed(), 0u);
  A.storeRelaxed(5);
  EXPECT_EQ(A.addRelaxed(3), 5u);
  EXPECT_EQ(A.exchangeAcqRel(1), 8u);
  uint32_t Expected = 7;
  EXPECT_FALSE(A.compareExchangeAcqRel(Expected, 9));
  EXPECT_EQ(Expected, 1u);
  EXPECT_TRUE(A.compareExchangeAcqRel(Expected, 9));
  A.storeRelease(A.loadAcquire() + 1);
  EXPECT_EQ(A.loadAcquire(), 10u);
  EXPECT_EQ(A.addRelaxed(-10), 10u);
  EXPECT_EQ(A.loadRelaxed(), 0u);
}

TEST(Counters, EachCountsForItself) {
  for (unsigned I = 0; I != CounterCount; ++I) {
    std::vector<uint64_t> Before;
    for (unsigned J = 0; J != CounterCount; ++J)
      Before.push_back(counterValue(static_cast<Counter>(J)));
    count(static_cast<Counter>(I));
    for (unsigned J = 0; J != CounterCount; ++J)
      EXPECT_EQ(counterValue(static_cast<Counter>(J)), Before[J] + (I == J));
  }
}

TEST(Counters, EachHasATextOfItsOwn) {
  std::set<std::string> Texts;
  for (unsigned I = 0; I != CounterCount; ++I)
    EXPECT_TRUE(Texts.insert(counterText(static_cast<Counter>(I))).second);
  EXPECT_EQ(Texts.count(""), 0u);
}

} // namespace
