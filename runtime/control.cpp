// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The control block, and what turning its knobs does.

#include "control.h"
#include "arch.h"
#include "runtime.h"
#include "thread.h"

namespace heapfence {

namespace {

ControlBlock *Block;
Atomic<uint32_t> AppliedGeneration;
Atomic<bool> IsApplying;

uint32_t turned(const uint32_t &Knob) {
  return __atomic_load_n(&Knob, __ATOMIC_ACQUIRE);
}

uint64_t addressOf(const void *P) { return reinterpret_cast<uintptr_t>(P); }

ObjectTables objectTables() {
  const Pool &Objects = TheRuntime.Objects;
  const SiteRegistry &Sites = TheRuntime.Sites;
  ObjectTables T = {};
  T.LayoutSize = sizeof(Layout);
  T.SlotSize = sizeof(Slot);
  T.ThreadStateSize = sizeof(ThreadState);
  T.StackFrames = static_cast<uint32_t>(TheOptions.stack_frames);
  T.ShowsBytes = TheOptions.show_bytes;
  T.ModuleStride = SiteRegistry::moduleCellStride();
  T.Layout = addressOf(&Objects.layout());
  T.Slots = addressOf(Objects.slots());
  T.SlotCount = addressOf(Objects.slotCountCell());
  T.Canary = addressOf(&Objects.canary());
  T.Modules = addressOf(Sites.moduleCells());
  T.ModuleCount = addressOf(Sites.moduleCountCell());
  T.ThreadCount = addressOf(threadCountCell());
  T.ThreadStateDistance =
      static_cast<int64_t>(addressOf(&threadState()) - arch::threadPointer());
  return T;
}

} // namespace

void showControl() {
  const Options &O = TheOptions;
  Block = static_cast<ControlBlock *>(TheRuntime.Objects.controlBlock());
  Block->Version = ControlVersion;
  Block->Size = sizeof(ControlBlock);
  Block->Wanted = {1,
                   O.budget_percent,
                   static_cast<uint32_t>(O.sample_every),
                   static_cast<uint32_t>(O.sample_interval_ms),
                   static_cast<uint32_t>(O.burst),
                   0};
  Block->CounterCount = CounterCount;
  Block->MaxLive = static_cast<uint32_t>(O.max_live);
  Block->Counters = addressOf(Counters);
  Block->Live = addressOf(TheRuntime.Objects.liveCell());
  Block->SpentCycles = addressOf(TheRuntime.Time.spentCell());
  Block->CyclesPerMs = addressOf(TheRuntime.Time.rateCell());
  Block->Objects = objectTables();
  __atomic_store_n(&Block->Magic, ControlMagic, __ATOMIC_RELEASE);
}

bool isControlTurned() {
  return Block &&
         turned(Block->Wanted.Generation) != AppliedGeneration.loadRelaxed();
}

void applyControl() {
  if (IsApplying.exchangeAcqRel(true))
    return;
  const Knobs &Wanted = Block->Wanted;
  AppliedGeneration.storeRelaxed(turned(Wanted.Generation));
  SamplerConfig Config;
  Config.Every = turned(Wanted.SampleEvery);
  Config.IntervalMs = turned(Wanted.IntervalMs);
  Config.Burst = turned(Wanted.Burst);
  Config.IsRestricted = TheOptions.guard_only.IsSet;
  Sampler &Sampling = TheRuntime.Sampling;
  Sampling.init(Config);
  Sampling.pause(!turned(Wanted.IsOn));
  TheRuntime.CountsExecutions.storeRelaxed(false);
  TheRuntime.Time.setShare(turned(Wanted.BudgetPpm));
  // As if every site were new: what was refused asks again.
  TheRuntime.Sites.setAllWeights(Sampling.initialWeights(), TheRuntime.OwnsCxx);
  IsApplying.storeRelease(false);
}

} // namespace heapfence
