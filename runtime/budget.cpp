// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bucket of CPU time.

#include "budget.h"
#include "arch.h"
#include "clock.h"

namespace heapfence {

namespace {

constexpr uint64_t NsPerMs = 1'000'000;

/// Of the share, this much is earned (the rest is what is not measured: the
/// entry and exit of the slow path, and cold caches after it), and this many ms
/// of CPU time fill the bucket. Together they make the bounds in the header:
/// 800 + 1000 * 0.9 + the debt is less than 2 * 1000, and so on.
constexpr uint64_t EarnedPercent = 90, CapacityMs = 800;

/// A refill costs about this: it is not timed, since the return from a system
/// call is where a busy machine takes the CPU away.
constexpr uint64_t RefillNs = 2000, RefillPauseMs = 50;

/// A rate measured over less is not believed.
constexpr uint64_t LeastRateNs = 200'000;

/// Until the rate is measured: what the slowest of usual clocks has, so that
/// the allowance at the start is on the low side.
constexpr uint64_t AssumedCyclesPerMs = 1'000'000;

int64_t smaller(int64_t A, int64_t B) { return A < B ? A : B; }

} // namespace

Moment now() {
  return {arch::cycles(), clockNs(CLOCK_MONOTONIC),
          clockNs(CLOCK_PROCESS_CPUTIME_ID)};
}

void Budget::setRate(uint64_t Rate) {
  CyclesPerMs.storeRelaxed(Rate);
  RefillPause.storeRelaxed(RefillPauseMs * Rate);
  setShare(Share.loadRelaxed());
}

void Budget::setShare(uint32_t PartsPerMillion) {
  Share.storeRelaxed(PartsPerMillion);
  uint64_t Rate = CyclesPerMs.loadRelaxed();
  uint64_t Most = Rate * CapacityMs / 100 * EarnedPercent / 1'000'000;
  Capacity.storeRelaxed(static_cast<int64_t>(Most * PartsPerMillion));
  int64_t Half = static_cast<int64_t>(Rate * StartNs / NsPerMs / 2);
  DebtLimit.storeRelaxed(smaller(Half, capacity() / 4));
}

/// What of the start is not credit, if the bucket holds so much. Some is left
/// for trips that begin before others are charged.
int64_t Budget::startLevel() const {
  uint64_t Part = CyclesPerMs.loadRelaxed() * StartNs / NsPerMs * 2 / 5;
  return smaller(static_cast<int64_t>(Part), capacity());
}

void Budget::init(uint32_t PartsPerMillion, const Moment &Start) {
  First = Start;
  LastCpuNs = Start.CpuNs;
  LastRefill.storeRelaxed(Start.Cycles);
  Share.storeRelaxed(PartsPerMillion);
  uint64_t Known = arch::cyclesPerMs();
  setRate(Known ? Known : AssumedCyclesPerMs);
  Level.storeRelaxed(startLevel());
}

void Budget::charge(uint64_t Cycles) {
  uint64_t Longest = longestTrip();
  take(Cycles < Longest ? Cycles : Longest);
}

uint64_t Budget::cyclesOf(uint64_t Ns) const {
  return Ns * CyclesPerMs.loadRelaxed() / NsPerMs;
}

void Budget::chargeCpu(uint64_t Ns) { take(cyclesOf(Ns)); }

void Budget::take(uint64_t Cycles) {
  Spent.addRelaxed(Cycles);
  Level.addRelaxed(-static_cast<int64_t>(Cycles));
}

void Budget::refill(const Moment &Now) {
  if (IsRefilling.exchangeAcqRel(true))
    return;
  LastRefill.storeRelaxed(Now.Cycles);
  uint64_t Elapsed = Now.WallNs - First.WallNs;
  if (Elapsed >= LeastRateNs && Now.Cycles > First.Cycles) {
    int64_t OldCredit = DebtLimit.loadRelaxed();
    int64_t OldStart = startLevel() + OldCredit;
    // In microseconds: no overflow for centuries.
    uint64_t Rate = (Now.Cycles - First.Cycles) / (Elapsed / 1000) * 1000;
    setRate(Rate ? Rate : 1);
    // A new limit of the debt is no gift.
    Level.addRelaxed(OldCredit - DebtLimit.loadRelaxed());
    if (!HasStarted) // The start was given in assumed cycles.
      Level.addRelaxed(startLevel() + DebtLimit.loadRelaxed() - OldStart);
    HasStarted = true;
  }
  chargeCpu(RefillNs);
  // A clock that went back: a child of clone() without our knowledge.
  uint64_t UsedNs = Now.CpuNs > LastCpuNs ? Now.CpuNs - LastCpuNs : 0;
  LastCpuNs = Now.CpuNs;
  constexpr uint64_t MostNs = 1'000'000'000'000;
  UsedNs = UsedNs < MostNs ? UsedNs : MostNs;
  uint64_t Earned = UsedNs / 1000 * Share.loadRelaxed() / 1000 * EarnedPercent /
                    100 * CyclesPerMs.loadRelaxed() / NsPerMs;
  int64_t Before = Level.loadRelaxed(), After;
  do
    After = smaller(Before + static_cast<int64_t>(Earned),
                    Before > capacity() ? Before : capacity());
  while (!Level.compareExchangeAcqRel(Before, After));
  IsRefilling.storeRelease(false);
}

void Budget::split(bool IsChild) {
  // Credit is part of what there is to share.
  int64_t Credit = DebtLimit.loadRelaxed();
  int64_t Available = Level.loadRelaxed() + Credit;
  if (Available > 0)
    Level.storeRelaxed(Available / 2 - Credit);
  HasStarted = true; // What is shared is not given again.
  if (!IsChild)
    return;
  // A thread that is not in the child may have been refilling.
  IsInherited = true;
  Spent.storeRelaxed(0);
  IsRefilling.storeRelease(false);
  LastCpuNs = 0;
  LastRefill.storeRelaxed(arch::cycles());
}

} // namespace heapfence
