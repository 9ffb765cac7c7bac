// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much CPU time the slow path may take: a bucket that fills with the CPU
// time that the process uses, and empties by what the slow path took.
// Called from: slow path.

#ifndef HEAPFENCE_BUDGET_H
#define HEAPFENCE_BUDGET_H

#include "sync.h"

namespace heapfence {

/// One reading of the clocks.
struct Moment {
  uint64_t Cycles; ///< arch::cycles().
  uint64_t WallNs; ///< CLOCK_MONOTONIC.
  uint64_t CpuNs;  ///< CLOCK_PROCESS_CPUTIME_ID: all threads.
};

/// Reads all clocks. Cost: a system call. Signal-safety: safe.
Moment now();

/// Times are in cycles of `arch::cycles()`, whose rate is measured on the way.
///
/// In any second of CPU time the slow path gets at most twice its share, in any
/// ten seconds its share, and in a process's first moments `StartNs`.
/// Thread-safety: safe. Signal-safety: safe.
class Budget {
public:
  /// The most that a process may spend before it has earned it, in ns: a part
  /// at once, a part as debt for what was never guarded.
  static constexpr uint64_t StartNs = 1'000'000;

  /// `PartsPerMillion`: the share of CPU time; 0: nothing, not even at the
  /// start.
  void init(uint32_t PartsPerMillion, const Moment &Start);
  /// Changes the share from now on.
  void setShare(uint32_t PartsPerMillion);
  uint32_t share() const { return Share.loadRelaxed(); }

  /// What is left; negative: debt.
  int64_t level() const { return Level.loadRelaxed(); }
  /// The highest level.
  int64_t capacity() const { return Capacity.loadRelaxed(); }
  /// The debt that is allowed for what matters most.
  int64_t debtLimit() const { return DebtLimit.loadRelaxed(); }

  /// Takes what the slow path used. A trip that lasted very long was
  /// interrupted: it costs no more than 20 us.
  void charge(uint64_t Cycles);
  /// Takes CPU time in ns: measured as such, or known.
  void chargeCpu(uint64_t Ns);
  /// All that was ever charged.
  uint64_t spent() const { return Spent.loadRelaxed(); }

  /// True twenty times a second at most.
  bool isRefillDue(uint64_t Cycles) const {
    return Cycles - LastRefill.loadRelaxed() > RefillPause.loadRelaxed();
  }
  /// Earns the share of the CPU time since the last refill. Of several threads
  /// one does it.
  void refill(const Moment &Now);

  /// fork: the two processes share what is left, credit included. The CPU time
  /// of the child starts anew.
  void split(bool IsChild);

  /// For the control block.
  const uint64_t *spentCell() const { return Spent.cell(); }
  const uint64_t *rateCell() const { return CyclesPerMs.cell(); }

  /// True in a forked child.
  bool isInherited() const { return IsInherited; }

  uint64_t cyclesPerMs() const { return CyclesPerMs.loadRelaxed(); }
  uint64_t cyclesOf(uint64_t Ns) const;

private:
  void setRate(uint64_t Rate);
  void take(uint64_t Cycles);
  int64_t startLevel() const;
  uint64_t longestTrip() const { return CyclesPerMs.loadRelaxed() / 50; }

  Atomic<int64_t> Level, Capacity, DebtLimit;
  Atomic<uint64_t> Spent, CyclesPerMs, LastRefill, RefillPause;
  Atomic<uint32_t> Share; ///< Parts per million.
  Atomic<bool> IsRefilling;
  bool IsInherited = false;
  bool HasStarted = false; ///< The allowance of the start is complete.
  Moment First = {};
  uint64_t LastCpuNs = 0;
};

} // namespace heapfence

#endif // HEAPFENCE_BUDGET_H
