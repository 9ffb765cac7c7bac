// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, guarding takes more of the CPU than the user allowed. Clocks
// are made up: 3 GHz.

#include "budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

constexpr uint64_t Ms = 1'000'000; ///< In ns.
constexpr uint64_t CyclesPerMs = 3'000'000;
constexpr uint64_t StartWallNs = 77'000 * Ms, StartCpuNs = 2 * Ms;

/// A moment so long after the start, when so much CPU time was used.
Moment at(double WallMs, double CpuMs) {
  return {uint64_t(1e12 + WallMs * CyclesPerMs),
          StartWallNs + uint64_t(WallMs * Ms),
          StartCpuNs + uint64_t(CpuMs * Ms)};
}

double ms(int64_t Cycles) { return double(Cycles) / CyclesPerMs; }

struct TestBudget : Budget {
  explicit TestBudget(uint32_t PartsPerMillion) {
    init(PartsPerMillion, at(0, 0));
  }
};

TEST(Budget, TheStartIsAMillisecondAtMost) {
  for (uint32_t Share : {1u, 2500u, 1'000'000u}) {
    TestBudget B(Share);
    EXPECT_LE(ms(B.level() + B.debtLimit()), 1);
    B.refill(at(1, 0));
    EXPECT_LE(ms(B.level() + B.debtLimit()), 1.001) << Share;
  }
  TestBudget B(2500);
  B.refill(at(1, 0));
  EXPECT_NEAR(ms(B.level() + B.debtLimit()), 0.85, 0.01);
}

TEST(Budget, NoShareNoTime) {
  TestBudget B(0);
  B.refill(at(1000, 1000));
  EXPECT_LE(B.level(), 0);
  EXPECT_EQ(B.capacity(), 0);
  EXPECT_EQ(B.debtLimit(), 0);
}

TEST(Budget, EarnsByCpuTimeNotByTheClock) {
  TestBudget B(2500);
  B.refill(at(1, 0));
  const int64_t Before = B.level();
  B.refill(at(5000, 0)); // Asleep, or stopped.
  EXPECT_LE(B.level(), Before);
  EXPECT_NEAR(ms(B.level() - Before), 0, 0.003); // The refill itself.
  B.refill(at(5100, 100));
  EXPECT_NEAR(ms(B.level() - Before), 100 * 0.0025 * 0.9, 0.01);
}

TEST(Budget, IsFullAfterEightTenthsOfASecond) {
  TestBudget B(2500);
  B.refill(at(10'000, 10'000));
  EXPECT_EQ(B.level(), B.capacity());
  EXPECT_NEAR(ms(B.capacity()), 800 * 0.0025 * 0.9, 0.01);
}

/// The most that was spent in any window of `Window` ms, when a greedy program
/// takes all it is given, on credit, at every ms.
double greediest(uint32_t Share, unsigned Window) {
  TestBudget B(Share);
  std::vector<double> Spent;
  for (unsigned T = 1; T != 30'000; ++T) {
    B.refill(at(T, T));
    // Quiet at times, so that the bucket is full when the greed begins.
    const bool IsGreedy = T / 1500 % 2;
    const int64_t Left = B.level() + B.debtLimit();
    const uint64_t Most = IsGreedy && Left > 0 ? uint64_t(Left) : 0;
    for (uint64_t Taken = 0; Taken < Most;) {
      const uint64_t Trip = std::min<uint64_t>(Most - Taken, CyclesPerMs / 100);
      B.charge(Trip);
      Taken += Trip;
    }
    Spent.push_back(ms(int64_t(Most)));
  }
  double Highest = 0, Sum = 0;
  for (size_t I = 0; I != Spent.size(); ++I) {
    Sum += Spent[I] - (I >= Window ? Spent[I - Window] : 0);
    Highest = std::max(Highest, Sum);
  }
  return Highest;
}

TEST(Budget, NeverMoreThanTwiceTheShareOfASecond) {
  for (uint32_t Share : {1000u, 2500u, 10'000u, 100'000u})
    EXPECT_LE(greediest(Share, 1000), 2 * Share / 1e3) << Share;
}

TEST(Budget, NeverMoreThanTheShareOfTenSeconds) {
  for (uint32_t Share : {2500u, 10'000u, 100'000u})
    EXPECT_LE(greediest(Share, 10'000), 10 * Share / 1e3) << Share;
}

TEST(Budget, AnInterruptedTripCostsNoMoreThanALongOne) {
  TestBudget B(2500);
  B.refill(at(1, 0));
  const int64_t Before = B.level();
  B.charge(uint64_t(1) << 60); // Stopped in the midst of it.
  EXPECT_NEAR(ms(Before - B.level()), 0.02, 0.001);
  EXPECT_NEAR(ms(int64_t(B.spent())), 0.022, 0.001);
}

int64_t available(const Budget &B) { return B.level() + B.debtLimit(); }

TEST(Budget, ForkSharesWhatIsLeft) {
  TestBudget B(2500);
  B.refill(at(1000, 1000));
  const int64_t Before = available(B);
  TestBudget Child = B;
  B.split(false);
  Child.split(true);
  EXPECT_LE(available(B) + available(Child), Before);
  EXPECT_GE(available(B) + available(Child), Before - 2);
  const Moment Later = {uint64_t(1e12 + 1100 * CyclesPerMs),
                        StartWallNs + 1100 * Ms, 100 * Ms};
  const int64_t Mine = Child.level();
  Child.refill(Later);
  EXPECT_NEAR(ms(Child.level() - Mine), 100 * 0.0025 * 0.9, 0.01);
  // A debt beyond the limit is not halved away.
  while (available(B) >= 0)
    B.charge(CyclesPerMs / 100);
  const int64_t Debt = B.level();
  B.split(false);
  EXPECT_EQ(B.level(), Debt);
}

TEST(Budget, AThousandChildrenGetNoMoreThanOneProcess) {
  TestBudget B(2500);
  B.refill(at(1, 0));
  const int64_t Before = available(B);
  int64_t Children = 0;
  for (int I = 0; I != 1000; ++I) {
    TestBudget Child = B;
    B.split(false);
    Child.split(true);
    Children += std::max<int64_t>(available(Child), 0);
  }
  EXPECT_LE(Children + available(B), Before);
}

TEST(Budget, AChildGetsNothingByMeasuringTheClock) {
  TestBudget B(2500); // No rate yet.
  for (int I = 0; I != 40; ++I)
    B.split(false);
  EXPECT_LE(available(B), 1);
  B.refill(at(1, 0));
  EXPECT_LE(available(B), 1);
}

TEST(Budget, AClockThatGoesBackEarnsNothing) {
  TestBudget B(2500);
  B.refill(at(100, 100));
  const int64_t Before = B.level();
  B.refill(at(200, 50));
  EXPECT_LE(B.level(), Before);
}

TEST(Budget, RefillsTwentyTimesASecond) {
  TestBudget B(2500);
  B.refill(at(100, 100));
  EXPECT_FALSE(B.isRefillDue(at(149, 0).Cycles));
  EXPECT_TRUE(B.isRefillDue(at(151, 0).Cycles));
}

TEST(Budget, ALargerShareFromNowOn) {
  TestBudget B(0);
  B.refill(at(1000, 1000));
  B.setShare(10'000);
  EXPECT_LE(B.level(), 0);
  B.refill(at(1100, 1100));
  EXPECT_NEAR(ms(B.level()), 100 * 0.01 * 0.9, 0.01);
}

TEST(Budget, ThreadsLoseNoCharge) {
  TestBudget B(2500);
  B.refill(at(1000, 1000));
  const uint64_t Spent = B.spent();
  const int64_t Before = B.level();
  std::vector<std::thread> Crew;
  for (int T = 0; T != 4; ++T)
    Crew.emplace_back([&] {
      for (int I = 0; I != 100'000; ++I)
        B.charge(3);
    });
  for (int I = 0; I != 1000; ++I)
    B.refill(at(1000, 1000));
  for (std::thread &T : Crew)
    T.join();
  // Refills have their price, and nothing is earned meanwhile.
  EXPECT_EQ((B.spent() - Spent) % 6000, 1'200'000u % 6000);
  EXPECT_EQ(Before - B.level(), int64_t(B.spent() - Spent));
}

} // namespace
