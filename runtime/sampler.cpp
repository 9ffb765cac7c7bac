// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is sampled.

#include "sampler.h"
#include "thread.h"

namespace heapfence {

/// Without a plain rate: GWP-ASan's and TCMalloc's order of magnitude.
static constexpr uint32_t CoveredSampleEvery = 5000;

/// The weight of a site that was sampled once, and of all in uniform mode.
static constexpr uint32_t CoveredWeight = 1;

void Sampler::init(uint32_t SampleEvery) {
  IsUniform = SampleEvery != 0;
  Every = IsUniform ? SampleEvery : CoveredSampleEvery;
}

uint32_t Sampler::initialWeight() const {
  return isUniform() ? CoveredWeight : UncoveredWeight;
}

uint32_t Sampler::draw() const {
  return 1 + static_cast<uint32_t>(nextRandom() % (2 * uint64_t(Every) - 1));
}

uint32_t Sampler::drawFirst() const {
  // What is left of a gap into which a thread is thrown at random:
  // P(first >= k) = (2N+1-k) (2N-k) / (2N (2N-1)).
  uint64_t Count = 2 * uint64_t(Every);
  uint64_t A = 1 + nextRandom() % Count, B = 1 + nextRandom() % (Count - 1);
  return static_cast<uint32_t>(A < B ? A : B);
}

/// Takes an allocation of weight 1 from a countdown that stood at `Countdown`
/// before it.
bool Sampler::consume(int32_t Countdown) {
  if (Countdown > 0) {
    __heapfence_countdown = Countdown - 1;
    return false;
  }
  __heapfence_countdown = static_cast<int32_t>(draw()) - 1;
  return true;
}

bool Sampler::isSampled(const Site &S) {
  ThreadState &T = threadState();
  // A guard subtracts what it read from the weight cell, which another thread
  // may have rewritten since: the countdown itself tells which weight it was.
  constexpr int32_t CoveredLimit = -static_cast<int32_t>(UncoveredWeight / 2);
  bool WasUncovered = __heapfence_countdown < CoveredLimit;
  int32_t Before =
      static_cast<int32_t>(static_cast<uint32_t>(__heapfence_countdown) +
                           (WasUncovered ? UncoveredWeight : CoveredWeight));
  if (!T.HasCountdown) {
    // The thread's first allocation is one like any other.
    T.HasCountdown = true;
    Before = static_cast<int32_t>(drawFirst()) - 1;
  }
  if (!WasUncovered)
    return consume(Before);
  uint32_t *Cell = const_cast<uint32_t *>(S.Weight.get());
  uint32_t Weight = UncoveredWeight;
  if (__atomic_compare_exchange_n(Cell, &Weight, CoveredWeight, /*weak=*/false,
                                  __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    __heapfence_countdown = Before;
    return true;
  }
  if (Weight) // Another thread covered the site meanwhile,
    return consume(Before);
  __heapfence_countdown = Before; // or it was switched off.
  return false;
}

} // namespace heapfence
