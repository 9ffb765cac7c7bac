// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sweep over all objects.

#include "sweep.h"
#include "clock.h"
#include "fault.h"
#include "runtime.h"

namespace heapfence {

namespace {

Atomic<bool> IsSweeping;
Atomic<uint64_t> LastSweepNs;

Pool &pool() { return TheRuntime.Objects; }

void lookAt(uint32_t Index, Origin From) {
  if (uintptr_t Changed = pool().findFreedCorruption(Index))
    return reportCorruption(Changed, Index, From);
  if (!pool().hold(Index))
    return;
  if (uintptr_t Changed = pool().findCorruption(pool().slot(Index)))
    reportCorruption(Changed, Index, From);
  pool().letGo(Index);
}

/// Returns: false when `Cycles` are over.
bool sweepChunk(unsigned Chunk, uint64_t Start, uint64_t Cycles, Origin From) {
  auto [First, Count] = pool().layout().slotsOf(Chunk);
  // Slots are used in order, but for those that other threads have just taken.
  constexpr unsigned MostTaken = 64;
  unsigned Unused = 0;
  for (uint32_t I = First; I != First + Count && Unused != MostTaken; ++I) {
    if (pool().slot(I).State.loadAcquire() == SlotState::Unused) {
      ++Unused;
      continue;
    }
    Unused = 0;
    if (arch::cycles() - Start >= Cycles)
      return false;
    lookAt(I, From);
  }
  return true;
}

void sweep(int64_t Cycles, Origin From) {
  if (!TheRuntime.isOn() || Cycles <= 0 || IsSweeping.exchangeAcqRel(true))
    return;
  uint64_t Start = arch::cycles();
  for (unsigned C = 0, Count = pool().layout().chunkCount(); C != Count; ++C)
    if (!sweepChunk(C, Start, uint64_t(Cycles), From))
      break;
  // Longer than a trip of the slow path may take.
  Budget &Time = TheRuntime.Time;
  if (uint64_t PerMs = Time.cyclesPerMs())
    Time.chargeCpu((arch::cycles() - Start) * 1000000 / PerMs);
  IsSweeping.storeRelease(false);
}

} // namespace

void sweepAtEnd(Origin From) {
  // A forked child has the objects of its parent, and maybe no longer life than
  // it takes to look at them: not on credit.
  const Budget &Time = TheRuntime.Time;
  int64_t Credit = Time.isInherited() ? 0 : Time.debtLimit();
  sweep(TheRuntime.Sampling.isGoverned() ? Time.level() + Credit : INT64_MAX,
        From);
}

void sweepAtFork(Origin From) {
  const Budget &Time = TheRuntime.Time;
  sweep(TheRuntime.Sampling.isGoverned() ? Time.level() - Time.capacity() / 2
                                         : INT64_MAX,
        From);
}

void sweepIfDue(Origin From) {
  if (!TheOptions.sweep_interval_ms)
    return;
  uint64_t Now = clockNs(CLOCK_MONOTONIC), Last = LastSweepNs.loadRelaxed();
  if (Now - Last < TheOptions.sweep_interval_ms * 1000000 ||
      !LastSweepNs.compareExchangeAcqRel(Last, Now))
    return;
  sweep(INT64_MAX, From);
}

} // namespace heapfence
