// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether an allocation is guarded.

#include "choice.h"
#include "boundary.h"
#include "control.h"
#include "runtime.h"
#include "thread.h"
#include "ticker.h"

namespace heapfence {

namespace {

/// Whatever an armed thread's next guard subtracts, the result is negative.
constexpr int32_t ArmedCountdown = -1;

/// Counts an execution of `S` that is sampled, where all are seen. Returns:
/// false if guard_only means another one.
bool isChosen(const Site &S) {
  const SiteChoice &Only = TheOptions.guard_only;
  bool IsCounted = TheRuntime.CountsExecutions.loadRelaxed();
  uint32_t &Known = threadState().Execution;
  Known = 0;
  if (!IsCounted && !Only.IsSet)
    return true;
  // A guard of a module that was not registered yet.
  uint32_t Weight = __atomic_load_n(S.Weight.get(), __ATOMIC_RELAXED);
  SiteCounts *Counts = TheRuntime.Sites.find(S).Counts;
  if (!Counts || !Weight || Weight == UncoveredWeight)
    return !Only.IsSet;
  uint32_t Execution = Counts->Executed.addRelaxed(1) + 1;
  if (IsCounted)
    Known = Execution;
  if (Only.IsSet)
    count(Counter::ChosenExecuted);
  return !Only.Execution || Only.Execution == Execution;
}

/// Judges one trip down the slow path. Out of reach of the sampler, the
/// countdown is refilled so that the guard stays quiet.
Guarding judgeTrip(const Site &S) {
  switch (TheRuntime.State.loadAcquire()) {
  case RunState::On:
    break;
  case RunState::Starting:
    __heapfence_countdown = 0; // The next call asks again.
    return Guarding::None;
  case RunState::Off:
    __heapfence_countdown = INT32_MAX;
    return Guarding::None;
  }
  if (isControlTurned())
    applyControl();
  if (threadState().IsOptedOut) {
    __heapfence_countdown = INT32_MAX;
    return Guarding::None;
  }
  Guarding How = TheRuntime.Sampling.judgeTrip(
      S, TheRuntime.Sites.find(S).Counts, TheRuntime.supply());
  if (How != Guarding::None && !isChosen(S))
    return Guarding::None;
  return How == Guarding::Full && TheOptions.only_light ? Guarding::Light : How;
}

bool isStale(const Arm &A) {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) >= A.Frame;
}

/// Ends the arm. Returns: what it was.
Arm takeArm() {
  ThreadState &T = threadState();
  Arm Was = T.Armed;
  T.Armed.IsSet = false;
  __heapfence_countdown = Was.Countdown;
  return Was;
}

void setArm(uintptr_t Frame, Guarding How) {
  Arm &A = threadState().Armed;
  A.IsSet = true;
  A.IsLight = How == Guarding::Light;
  A.Countdown = __heapfence_countdown;
  A.Depth = 0;
  A.Frame = Frame;
  __heapfence_countdown = ArmedCountdown;
}

void enterContext(const Site &S) {
  Arm &A = threadState().Armed;
  if (A.Depth < Arm::MaxContexts)
    A.For[A.Depth] = &S;
  ++A.Depth;
}

unsigned contextCount(const Arm &A) {
  return A.Depth < Arm::MaxContexts ? A.Depth : Arm::MaxContexts;
}

} // namespace

Supply Runtime::supply() const {
  auto IsTight = [](uint64_t Live, uint64_t Max) { return Live * 4 > Max * 3; };
  return {Time.level(), Time.capacity(), Time.debtLimit(),
          IsTight(Objects.liveCount(), TheOptions.max_live) ||
              IsTight(Objects.liveBytes(), TheOptions.max_live_mib << 20),
          IsTight(Objects.lightLiveCount(), TheOptions.light_slots)};
}

bool countDown(const Site &S) {
  ensureTicker();
  uint32_t Weight = __atomic_load_n(S.Weight.get(), __ATOMIC_RELAXED);
  __heapfence_countdown = static_cast<int32_t>(
      static_cast<uint32_t>(__heapfence_countdown) - Weight);
  if (__heapfence_countdown < 0)
    return true;
  ThreadState &T = threadState();
  if (T.VainLeft) {
    --T.VainLeft;
    return false;
  }
  // Many at once, all for the site that happens to be the last.
  constexpr uint32_t Fewest = 32;
  if (T.VainCount)
    TheRuntime.Branches.countVain(S, T.VainCount);
  T.VainCount = Fewest + static_cast<uint32_t>(nextRandom() % (2 * Fewest));
  T.VainLeft = T.VainCount - 1;
  return false;
}

bool isRefusedAtOnce(const Site &S) {
  if (!TheRuntime.isOn() || threadState().Armed.IsSet || isControlTurned())
    return false;
  Budget &Time = TheRuntime.Time;
  bool HasTime = Time.level() > -Time.debtLimit();
  if (!HasTime && Time.isRefillDue(arch::cycles()))
    return false;
  if (!TheRuntime.Sampling.refuseAtOnce(S, HasTime, Time.isInherited()))
    return false;
  // Not measured, which would cost as much again: 20 ns in a program of 3000
  // sites.
  constexpr uint64_t TripNs = 24;
  Time.chargeCpu(TripNs);
  count(Counter::RefusedTime);
  return true;
}

Choice choose(const Site &S) {
  Choice Result = {};
  if (!threadState().Armed.IsSet) {
    Result.How = judgeTrip(S);
    return Result;
  }
  // Not the program's own operator new, but what that calls.
  if (!TheRuntime.OwnsCxx && familyOf(S.Callee) != Family::Malloc)
    return Result;
  Arm Was = takeArm();
  // A stale arm's countdown was good before this guard: it lost one turn.
  if (isStale(Was))
    return Result;
  Result.How = Was.IsLight ? Guarding::Light : Guarding::Full;
  Result.ForCount = contextCount(Was);
  for (unsigned I = 0; I != Result.ForCount; ++I)
    Result.For[I] = Was.For[I];
  if (Result.ForCount && (S.Flags & SiteHasBranch))
    TheRuntime.Branches.setServing(S);
  return Result;
}

bool armContext(const Site &S, uintptr_t Frame) {
  const Arm &A = threadState().Armed;
  if (A.IsSet && isStale(A)) {
    takeArm();
    return false;
  }
  if (A.IsSet) // Within another: both, or what the program asked for.
    __heapfence_countdown = ArmedCountdown;
  else if (Guarding How = judgeTrip(S); How != Guarding::None) {
    setArm(Frame, How);
    TheRuntime.Branches.openServing();
  } else
    return false;
  enterContext(S);
  return true;
}

void disarmContext() {
  Arm &A = threadState().Armed;
  if (!A.IsSet || A.Depth == 0)
    return;
  --A.Depth;
  if (A.Depth < Arm::MaxContexts) {
    const Site &S = *A.For[A.Depth];
    TheRuntime.Sampling.sampledInVain(S);
    if (SiteCounts *Counts = TheRuntime.Sites.find(S).Counts)
      Counts->InVain.addRelaxed(1);
  }
  // What heapfence_guard_next armed goes on.
  if (A.Depth == 0 && A.Frame != UINTPTR_MAX)
    takeArm();
}

void armNext() {
  if (!TheRuntime.isOn())
    return;
  if (threadState().Armed.IsSet)
    takeArm();
  threadState().Execution = 0;
  setArm(UINTPTR_MAX, TheOptions.only_light ? Guarding::Light : Guarding::Full);
  TheRuntime.Branches.openAllocations();
}

void refillBudget() {
  TheRuntime.Time.refill(now());
  reopenBufferChecks();
  constexpr uint32_t RearmedAtOnce = 256;
  if (TheRuntime.Sampling.isGoverned() && hasPlenty(TheRuntime.supply()))
    TheRuntime.Sites.rearmNext(RearmedAtOnce);
}

SpentTime::SpentTime() : Begin(arch::cycles()) {
  // By the frame: a signal handler may have left the slow path by longjmp.
  uintptr_t &Outer = threadState().TimedFrame;
  uintptr_t Here = reinterpret_cast<uintptr_t>(this);
  IsOutermost = Here >= Outer;
  if (IsOutermost)
    Outer = Here;
}

SpentTime::~SpentTime() {
  if (!IsOutermost)
    return;
  Budget &Time = TheRuntime.Time;
  uint64_t End = arch::cycles();
  Time.charge(End - Begin);
  if (TheRuntime.isOn() && Time.isRefillDue(End))
    refillBudget();
  threadState().TimedFrame = 0;
}

} // namespace heapfence
