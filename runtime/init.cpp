// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Start-up, and every reason to stand down.

#include "init.h"
#include "allocator_error.h"
#include "boundary.h"
#include "control.h"
#include "coverage.h"
#include "fault.h"
#include "free_check.h"
#include "interpose.h"
#include "modules.h"
#include "report_filter.h"
#include "reporter.h"
#include "runtime.h"
#include "signals.h"
#include "sweep.h"
#include "thread.h"
#include "ticker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

// Present in programs built with those sanitizers.
extern "C" {
__attribute__((weak)) void __asan_init();
__attribute__((weak)) void __hwasan_init();
__attribute__((weak)) void __msan_init();
__attribute__((weak)) void __tsan_init();
}

namespace heapfence {

constinit Runtime TheRuntime;
constinit Options TheOptions;

namespace {

uint64_t processEntropy() {
  uint64_t Value = arch::cycles() ^ (uint64_t(getpid()) << 32);
  // 16 bytes that the kernel gives each new process.
  if (const void *Bytes = reinterpret_cast<void *>(getauxval(AT_RANDOM))) {
    uint64_t Random;
    memcpy(&Random, Bytes, sizeof(Random));
    Value ^= Random * 0x9e3779b97f4a7c15;
  }
  return Value;
}

void readOptions() {
  BufferedWriter<24> Prefix;
  Prefix << "==";
  Prefix.dec(uint64_t(getpid())) << "==HeapFence: ";
  static char Buffer[8192];
  Writer Out(Buffer, sizeof(Buffer));
  if (const char *Text = getenv("HEAPFENCE_OPTIONS"))
    parseOptions(Text, getauxval(AT_SECURE) != 0, Prefix.text(), TheOptions,
                 Out);
  if (TheOptions.help)
    describeOptions(Out);
  if (Out.size())
    sayRaw(Out.data(), Out.size());
}

/// One reason not to run per paragraph. Returns: null, or the reason.
const char *findIncompatibility() {
  // A sanitizer that owns the heap and the shadow of every address.
  if (__asan_init || __hwasan_init || __msan_init || __tsan_init)
    return "the program is built with a sanitizer that owns its heap";

  // Valgrind replaces the heap, and sees what we would see.
  const char *Preload = getenv("LD_PRELOAD");
  if (Preload && strstr(Preload, "vgpreload"))
    return "the program runs under valgrind";

  return findForeignHeap();
}

/// Returns: null, or what failed.
const char *startParts(uint64_t Entropy) {
  const Options &Knobs = TheOptions;
  seedRandom(Knobs.seed ? Knobs.seed : Entropy);
  PoolConfig Config;
  Config.Guard = Knobs.guard;
  Config.Side = Knobs.placement;
  Config.Slots = static_cast<uint32_t>(Knobs.slots);
  Config.MaxLive = static_cast<uint32_t>(Knobs.max_live);
  Config.MaxLiveBytes = Knobs.max_live_mib << 20;
  Config.LightSlots = static_cast<uint32_t>(Knobs.light_slots);
  // The pool's place stays random even when the draws are pinned.
  if (const char *Failure = TheRuntime.Objects.init(Config, Entropy))
    return Failure;
  SamplerConfig Sampling;
  Sampling.Every = static_cast<uint32_t>(Knobs.sample_every);
  Sampling.IntervalMs = static_cast<uint32_t>(Knobs.sample_interval_ms);
  Sampling.Burst = static_cast<uint32_t>(Knobs.burst);
  Sampling.IsRestricted = Knobs.guard_only.IsSet;
  TheRuntime.Sampling.init(Sampling);
  if (Knobs.guard_only.IsSet)
    TheRuntime.Sites.restrictTo(Knobs.guard_only);
  TheRuntime.CountsExecutions.storeRelaxed(Knobs.guard_only.IsSet ||
                                           Knobs.sample_every == 1);
  TheRuntime.Time.init(Knobs.budget_percent, now());
  if (!installHandlers(handleFault, handleCrash))
    return "no handler for SIGSEGV can be installed";
  return nullptr;
}

/// Linked modules that are registered.
Atomic<uint32_t> ModuleCount;

/// A thread in each child, where children live for a millisecond, would cost
/// more than the budget; but one that is forked while there is no time may live
/// for years. The first children of a process have one in any case.
bool isChildTicked() {
  constexpr uint32_t FirstChildren = 32;
  static Atomic<uint32_t> Forks;
  return Forks.addRelaxed(1) < FirstChildren || TheRuntime.Time.level() > 0;
}

// Who called the function that says so.
#define HF_OWN_CALLER                                                          \
  Origin {                                                                     \
    nullptr, static_cast<const CallerFrame *>(__builtin_frame_address(0))      \
  }

void beforeFork() {
  sweepAtFork(HF_OWN_CALLER);
  Gates &Branches = TheRuntime.Branches;
  auto &Fork = TheRuntime.Fork;
  const bool AreUsed = Branches.areUsed();
  Fork.IsChildTicked =
      AreUsed && (!TheRuntime.Sampling.isGoverned() || isChildTicked());
  if (AreUsed && !Fork.IsChildTicked)
    Branches.closeAll();
  Fork.IsPoolLocked = TheRuntime.Objects.lockForFork();
  Fork.AreBranchesLocked = AreUsed && Branches.lockForFork();
}

void unlockAfterFork() {
  if (TheRuntime.Fork.AreBranchesLocked)
    TheRuntime.Branches.unlockAfterFork();
  if (TheRuntime.Fork.IsPoolLocked)
    TheRuntime.Objects.unlockAfterFork();
}

void afterForkInParent() {
  unlockAfterFork();
  TheRuntime.Time.split(/*IsChild=*/false);
}

void afterForkInChild() {
  unlockAfterFork();
  TheRuntime.Objects.forgetLaying();
  TheRuntime.Time.split(/*IsChild=*/true);
  TheRuntime.Sites.forgetReaders();
  if (TheRuntime.Fork.IsChildTicked) {
    TheRuntime.Branches.openInChild();
    forgetTicker();
  }
  if (*TheOptions.coverage_path)
    TheRuntime.Sites.startCountsAnew();
  // A fleet of children must not draw what their parent drew.
  if (!TheOptions.seed)
    seedRandom(processEntropy());
}

void sayOn() {
  BufferedWriter<256> Out;
  Out << "on: ";
  Out.dec(TheOptions.max_live)
      << " live objects, "
      << (TheRuntime.Objects.usesMarkers() ? "guard markers" : "mprotect")
      << (TheRuntime.OwnsCxx ? "" : ", operator new not guarded");
  sayLine(Out.text());
}

void standDown(const char *Reason) {
  BufferedWriter<512> Out;
  Out << "off: " << Reason;
  sayLine(Out.text());
  TheRuntime.State.storeRelease(RunState::Off);
}

/// What was done, at the end of the process.
void sayStatistics() {
  static char Buffer[1024];
  Writer Out(Buffer, sizeof(Buffer));
  for (unsigned I = 0; I != CounterCount; ++I) {
    Counter C = static_cast<Counter>(I);
    bool IsMain =
        C == Counter::Guarded || C == Counter::Freed || C == Counter::Reports;
    if (!IsMain && TheOptions.verbosity < 2 && !counterValue(C))
      continue;
    if (I)
      Out << ", ";
    Out.dec(counterValue(C)) << ' ' << counterText(C);
  }
  const Budget &Time = TheRuntime.Time;
  Out << ", slow path ";
  Out.dec(Time.spent() * 1000 / Time.cyclesPerMs()) << " us";
  sayLine(Out.text());
}

/// At the end of the process: why guard_only guarded nothing, if so.
void sayChosen() {
  const SiteChoice &Only = TheOptions.guard_only;
  if (!Only.IsSet)
    return;
  uint64_t Executed = counterValue(Counter::ChosenExecuted);
  BufferedWriter<128> Out;
  if (!TheRuntime.Sites.chosenCount())
    Out << "guard_only: there is no such allocation site";
  else if (Executed < Only.Execution)
    (Out << "guard_only: the site was executed ").plural(Executed, "time");
  else
    return;
  sayLine(Out.text());
}

void sayAtEnd() {
  sayChosen();
  if (!TheOptions.verbosity)
    return;
  sayStatistics();
  sayUnusedSuppressions();
}

/// Decides once whether the runtime is on.
void startRuntime() {
  static Atomic<bool> HasStarted;
  if (HasStarted.exchangeAcqRel(true))
    return;
  rememberLog();
  findAbortMessage();
  readOptions();
  if (!TheOptions.enabled)
    return TheRuntime.State.storeRelease(RunState::Off);
  if (const char *Reason = findIncompatibility())
    return standDown(Reason);
  if (const char *Failure = startParts(processEntropy()))
    return standDown(Failure);
  const char *CxxReason = findForeignOperators();
  TheRuntime.OwnsCxx = !CxxReason;
  if (CxxReason)
    sayLine(CxxReason);
  readSuppressions();
  if (TheOptions.check_free)
    checkFrees();
  pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  threadNumber(); // This thread is T0.
  TheWindow = TheRuntime.Objects.layout().base() >> WindowLog2;
  showControl();
  TheRuntime.State.storeRelease(RunState::On);
  if (TheOptions.verbosity)
    sayOn();
}

} // namespace

void addModule(const ModuleDescriptor &Module) {
  startRuntime();
  ModuleCount.addRelaxed(1);
  if (!TheRuntime.isOn())
    return setWeights(Module, {0, 0});
  TheRuntime.Code.look();
  const Sampler &Sampling = TheRuntime.Sampling;
  TheRuntime.Sites.add(Module, Sampling.initialWeights());
  if (!TheRuntime.OwnsCxx)
    switchOffCxx(Module);
  // From here on the module's frees see guarded objects for what they are.
  __atomic_store_n(Module.Window, TheWindow, __ATOMIC_RELEASE);
  openBufferChecks();
  if (TheRuntime.Branches.openNew(Module))
    startTicker();
}

void removeModule(const ModuleDescriptor &Module) {
  if (!TheRuntime.isOn())
    return;
  bool IsExecutable = isInExecutable(reinterpret_cast<uintptr_t>(&Module));
  if (IsExecutable)
    sweepAtEnd(HF_OWN_CALLER);
  writeCoverage(Module);
  if (ModuleCount.addRelaxed(-1) == 1)
    sayAtEnd();
  // At exit, frees and reports go on after the executable's destructors.
  if (IsExecutable)
    return;
  cfiCacheFlush();
  TheRuntime.Branches.forget(Module);
  TheRuntime.Objects.forgetSites(Module.SitesBegin, Module.SitesEnd);
  TheRuntime.Sites.remove(Module);
}

} // namespace heapfence
