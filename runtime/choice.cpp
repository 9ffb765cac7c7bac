// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether an allocation is guarded.

#include "choice.h"
#include "control.h"
#include "runtime.h"
#include "thread.h"

namespace heapfence {

namespace {

/// Whatever an armed thread's next guard subtracts, the result is negative.
constexpr int32_t ArmedCountdown = -1;

Supply supply() {
  const Budget &Time = TheRuntime.Time;
  uint64_t MaxLive = TheOptions.max_live;
  return {Time.level(), Time.capacity(), Time.debtLimit(),
          TheRuntime.Objects.liveCount() * uint64_t(4) > MaxLive * 3};
}

/// Judges one trip down the slow path. Out of reach of the sampler, the
/// countdown is refilled so that the guard stays quiet.
bool isSampled(const Site &S) {
  switch (TheRuntime.State.loadAcquire()) {
  case RunState::On:
    break;
  case RunState::Starting:
    __heapfence_countdown = 0; // The next call asks again.
    return false;
  case RunState::Off:
    __heapfence_countdown = INT32_MAX;
    return false;
  }
  if (isControlTurned())
    applyControl();
  if (threadState().IsOptedOut) {
    __heapfence_countdown = INT32_MAX;
    return false;
  }
  return TheRuntime.Sampling.isSampled(S, TheRuntime.Sites.find(S).Counts,
                                       supply());
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

void setArm(const Site *For, uintptr_t Frame) {
  threadState().Armed = {true, __heapfence_countdown, For, Frame};
  __heapfence_countdown = ArmedCountdown;
}

} // namespace

Choice choose(const Site &S) {
  if (!threadState().Armed.IsSet)
    return {isSampled(S), nullptr};
  Arm Was = takeArm();
  // A stale arm's countdown was good before this guard: it lost one turn.
  return {!isStale(Was), isStale(Was) ? nullptr : Was.For};
}

bool armContext(const Site &S, uintptr_t Frame) {
  if (threadState().Armed.IsSet) {
    if (!isStale(threadState().Armed)) {
      __heapfence_countdown = ArmedCountdown; // Within an armed one.
      return false;
    }
    takeArm();
    return false;
  }
  if (!isSampled(S))
    return false;
  setArm(&S, Frame);
  return true;
}

void disarmContext() {
  if (!threadState().Armed.IsSet)
    return;
  if (const Site *S = takeArm().For) {
    TheRuntime.Sampling.sampledInVain(*S);
    if (SiteCounts *Counts = TheRuntime.Sites.find(*S).Counts)
      Counts->InVain.addRelaxed(1);
  }
}

void armNext() {
  if (!TheRuntime.isOn())
    return;
  if (threadState().Armed.IsSet)
    takeArm();
  setArm(nullptr, UINTPTR_MAX);
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
    Time.refill(now());
  threadState().TimedFrame = 0;
}

} // namespace heapfence
