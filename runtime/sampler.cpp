// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is sampled.

#include "sampler.h"
#include "clock.h"
#include "thread.h"

namespace heapfence {

namespace {

/// The longest countdown where all sites are alike, in allocations: the thread
/// then looks whether somebody changed the mode.
constexpr uint32_t LongestStep = 1 << 16;
static_assert(uint64_t(LongestStep) * PlainWeight < AlwaysWeight / 2);

/// A countdown below it was taken there by `AlwaysWeight`: others are at most
/// `MeanRefill`.
constexpr int32_t AlwaysLimit = -static_cast<int32_t>(AlwaysWeight / 2);

uint32_t *weightOf(const Site &S) {
  return const_cast<uint32_t *>(S.Weight.get());
}

/// Changes the weight, unless another thread did so meanwhile.
void adapt(uint32_t *Cell, uint32_t From, uint32_t To) {
  __atomic_compare_exchange_n(Cell, &From, To, /*weak=*/false, __ATOMIC_RELAXED,
                              __ATOMIC_RELAXED);
}

} // namespace

void Sampler::init(const SamplerConfig &Config) {
  IsRestricted = Config.IsRestricted;
  uint32_t N = IsRestricted ? 1 : Config.Every;
  Mode = N                   ? SamplingMode::Plain
         : Config.IntervalMs ? SamplingMode::Interval
                             : SamplingMode::Governed;
  Every = Mode == SamplingMode::Plain ? N : MeanRefill;
  IntervalNs = uint64_t(Config.IntervalMs) * 1'000'000;
  Burst = Config.Burst;
}

InitialWeights Sampler::initialWeights() const {
  if (Mode == SamplingMode::Governed)
    return {AlwaysWeight, AlwaysWeight};
  // Allocations count, and contexts are none.
  return {PlainWeight, IsRestricted ? PlainWeight : 0};
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

/// Lets `Count` allocations pass, or so many that the thread looks in time; the
/// next one after them takes the slow path. Returns: those that are left.
static uint32_t letPass(uint32_t Count) {
  uint32_t Step = Count < LongestStep ? Count : LongestStep;
  __heapfence_countdown = static_cast<int32_t>(Step * PlainWeight);
  return Count - Step;
}

bool Sampler::refuseAtOnce(const Site &S, bool HasTime, bool IsBrief) {
  ThreadState &T = threadState();
  int32_t Countdown = __heapfence_countdown;
  bool IsAlways = Countdown < AlwaysLimit;
  if (Mode != SamplingMode::Governed || Countdown >= 0 ||
      Paused.loadRelaxed() || (HasTime && (T.HasCountdown || IsAlways)))
    return false;
  uint32_t *Cell = weightOf(S);
  uint32_t Weight = __atomic_load_n(Cell, __ATOMIC_RELAXED);
  if (!HasTime && Weight > WaitingWeight) {
    uint32_t Most = Weight < MeanRefill ? Weight : MeanRefill;
    uint32_t Less = Most / (IsBrief ? 256 : 2);
    adapt(Cell, Weight, Less > WaitingWeight ? Less : WaitingWeight);
  }
  Countdown =
      static_cast<int32_t>(static_cast<uint32_t>(Countdown) + AlwaysWeight);
  if (!T.HasCountdown)
    __heapfence_countdown = static_cast<int32_t>(nextRandom() % MeanRefill);
  else if (IsAlways && Countdown >= 0)
    __heapfence_countdown = Countdown;
  else
    __heapfence_countdown = static_cast<int32_t>(draw()) - 1;
  T.HasCountdown = true;
  return true;
}

bool Sampler::isSampledPlain() {
  ThreadState &T = threadState();
  // A guard that read its weight in another mode.
  bool IsFirst = !T.HasCountdown || __heapfence_countdown < AlwaysLimit;
  uint32_t Left = IsFirst ? drawFirst() - 1 : T.PlainRest;
  T.HasCountdown = true;
  bool IsTurn = Left == 0;
  T.PlainRest = letPass((IsTurn ? draw() : Left) - 1);
  return IsTurn;
}

/// There is no timer: each thread looks at the clock so often that it comes
/// upon the start of an interval within a small part of it, judged by how fast
/// it allocated last.
bool Sampler::isSampledNow() {
  constexpr uint32_t FirstStep = 64;
  constexpr uint64_t LooksAnInterval = 64;
  ThreadState &T = threadState();
  uint64_t Now = clockNs(CLOCK_MONOTONIC), Open = NextOpenNs.loadRelaxed();
  if (Now >= Open && NextOpenNs.compareExchangeAcqRel(Open, Now + IntervalNs))
    BurstLeft.storeRelease(static_cast<int32_t>(Burst));
  bool IsOpen = BurstLeft.loadAcquire() > 0 && BurstLeft.addRelaxed(-1) > 0;

  uint64_t Left = NextOpenNs.loadRelaxed() - Now;
  uint64_t Step = FirstStep;
  if (T.LastLookNs && Now > T.LastLookNs) {
    // Half of the way to the start, at this pace.
    uint64_t Least = IntervalNs / LooksAnInterval;
    uint64_t Wait = Left / 2 > Least ? Left / 2 : Least;
    Step = uint64_t(T.LastStep) * Wait / (Now - T.LastLookNs);
  }
  Step = Step < 1 ? 1 : Step > LongestStep ? LongestStep : Step;
  T.LastLookNs = Now;
  T.LastStep = static_cast<uint32_t>(Step);
  if (BurstLeft.loadRelaxed() > 0)
    Step = 1, T.LastLookNs = 0; // A pace of one is no measure.
  letPass(static_cast<uint32_t>(Step) - 1);
  return IsOpen;
}

Guarding Sampler::judgeGoverned(const Site &S, SiteCounts *Counts,
                                const Supply &Has) {
  ThreadState &T = threadState();
  uint32_t *Cell = weightOf(S);
  uint32_t Weight = __atomic_load_n(Cell, __ATOMIC_RELAXED);
  // A guard subtracts what it read from the weight cell, which another thread
  // may have rewritten since: the countdown itself tells which weight it was.
  int32_t Countdown = __heapfence_countdown;
  bool IsAlways = Countdown < AlwaysLimit;
  // A site that is always sampled leaves the others' turns as they are.
  Countdown =
      static_cast<int32_t>(static_cast<uint32_t>(Countdown) + AlwaysWeight);
  if (!IsAlways || !T.HasCountdown || Countdown < 0)
    Countdown = static_cast<int32_t>(T.HasCountdown ? draw() : drawFirst()) - 1;
  __heapfence_countdown = Countdown;
  bool IsFirstTrip = !T.HasCountdown;
  T.HasCountdown = true;
  if (!Weight || (IsFirstTrip && !IsAlways))
    return Guarding::None;
  SiteState State = {IsAlways ? AlwaysWeight : Weight, CoveredCount,
                     CoveredCount, (S.Flags & SiteIsFocused) != 0};
  if (Counts) {
    State.Guarded = Counts->Guarded.loadRelaxed();
    State.Full = Counts->full();
  }
  Judgement J = judge(State, Has);
  if (J.Weight != Weight)
    adapt(Cell, Weight, J.Weight);
  if (Counts && J.Why != Refusal::None)
    (J.Why == Refusal::NoTime ? Counts->NoTime : Counts->NoRoom).addRelaxed(1);
  return J.How;
}

Guarding Sampler::judgeTrip(const Site &S, SiteCounts *Counts,
                            const Supply &Has) {
  if (Paused.loadRelaxed()) {
    letPass(LongestStep / 16);
    return Guarding::None;
  }
  switch (Mode) {
  case SamplingMode::Plain:
    return isSampledPlain() ? Guarding::Full : Guarding::None;
  case SamplingMode::Interval:
    return isSampledNow() ? Guarding::Full : Guarding::None;
  case SamplingMode::Governed:
    break;
  }
  return judgeGoverned(S, Counts, Has);
}

void Sampler::sampledInVain(const Site &S) {
  uint32_t *Cell = weightOf(S);
  uint32_t Weight = __atomic_load_n(Cell, __ATOMIC_RELAXED);
  // Its acceptance doubled it.
  uint32_t Less = (Weight < MeanRefill ? Weight : MeanRefill) / 8;
  if (Weight > WaitingWeight)
    adapt(Cell, Weight, Less > WaitingWeight ? Less : WaitingWeight);
}

} // namespace heapfence
