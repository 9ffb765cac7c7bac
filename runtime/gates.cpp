// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which static branches are open.

#include "gates.h"
#include "clock.h"
#include "reporter.h"
#include "runtime.h"
#include "writer.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace heapfence {

namespace {

/// A trip that is passed by costs about this.
constexpr uint64_t VainNs = 8;

/// So many trips that are passed by cost about as much as closing branches and
/// opening them again. So, whether they would go on or not, no more than twice
/// the least is spent.
constexpr uint32_t MaxVain = 2048;

/// What opening a site (and closing it again) is reckoned at before it is done,
/// and how many sites are opened, and looked at, in a tick.
constexpr uint64_t OpeningNs = 10'000;
constexpr uint32_t OpenedAtOnce = 64, ExaminedAtOnce = 4096;

/// A new module's branches may take this at once. The others wait for ticks.
constexpr uint64_t NewModuleNs = 200'000;

/// Who gives up soon loses a sample at most.
constexpr unsigned LockSpins = 1000, ForkSpins = 1'000'000;

} // namespace

/// Keeps signals away: a handler must not leave by longjmp, nor a cancellation
/// end the thread, while code is written.
class Quiet {
public:
  Quiet() {
    memset(Saved, 0xff, sizeof(Saved));
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, Saved, Saved, MaskBytes);
  }
  ~Quiet() {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, Saved, nullptr, MaskBytes);
  }
  Quiet(const Quiet &) = delete;

private:
  static constexpr size_t MaskBytes = 8; // The kernel's, of 64 signals.
  char Saved[MaskBytes];
};

Gates::Wish Gates::wish() {
  const Sampler &Sampling = TheRuntime.Sampling;
  if (Sampling.isPaused())
    return Wish::None;
  if (!Sampling.isGoverned())
    return Wish::All;
  return TheRuntime.Time.share() ? Wish::Governed : Wish::None;
}

bool Gates::isOpenable(const ModuleSites &M, uint32_t Nth) {
  return !M.Branches->isEmpty() && (M.Begin[Nth].Flags & SiteHasBranch) &&
         !M.Branches->isOpen(Nth).loadRelaxed() &&
         M.Branches->branches(Nth) != M.Branches->branches(Nth + 1) &&
         (__atomic_load_n(M.weight(Nth), __ATOMIC_RELAXED) != 0 ||
          // What serves a context that guard_only means.
          (TheOptions.guard_only.IsSet &&
           !(M.Begin[Nth].Flags & SiteIsContext)));
}

void Gates::start() { StartNs = clockNs(CLOCK_THREAD_CPUTIME_ID); }

void Gates::finish() {
  Code.flush();
  TheRuntime.Time.chargeCpu(clockNs(CLOCK_THREAD_CPUTIME_ID) - StartNs);
  if (Code.refusal() && AreUsed.exchangeAcqRel(false))
    standDown("as they are", Code.refusal());
}

void Gates::standDown(const char *What, const char *Reason) {
  AreUsed.storeRelaxed(false);
  count(Counter::BranchesRefused);
  BufferedWriter<160> Out;
  Out << "static branches stay " << What << ": " << Reason;
  sayLine(Out.text());
}

void Gates::set(const ModuleSites &M, uint32_t Nth, bool IsOpen) {
  M.Branches->isOpen(Nth).storeRelaxed(IsOpen);
  const BranchRecord *const *End = M.Branches->branches(Nth + 1);
  for (auto *B = M.Branches->branches(Nth); B != End; ++B)
    Code.add(**B, M.Branches->text(), IsOpen);
  if (!IsOpen)
    return;
  IsAnyOpen = true;
  count(Counter::BranchesOpened);
}

/// Opens a site for its own sake.
void Gates::open(const ModuleSites &M, uint32_t Nth) {
  uint32_t Guarded = M.Counts[Nth].Guarded.loadRelaxed();
  if (wish() == Wish::Governed)
    __atomic_store_n(M.weight(Nth), whenOpened({0, Guarded, 0}),
                     __ATOMIC_RELAXED);
  set(M, Nth, true);
}

/// Contexts last: without the allocations inside them they are opened in vain.
void Gates::openModule(const ModuleSites &M) {
  constexpr uint32_t Step = 64;
  bool IsGoverned = wish() == Wish::Governed;
  for (unsigned Kind = 0; Kind <= SiteIsContext; Kind += SiteIsContext)
    for (uint32_t I = 0; I != M.Count; ++I) {
      if ((M.Begin[I].Flags & SiteIsContext) == Kind && isOpenable(M, I))
        open(M, I);
      if (!IsGoverned || (I + 1) % Step)
        continue;
      Code.flush();
      if (clockNs(CLOCK_THREAD_CPUTIME_ID) - StartNs > NewModuleNs)
        return;
    }
}

bool Gates::openNew(const ModuleDescriptor &Module) {
  if (Module.BranchesBegin == Module.BranchesEnd)
    return false;
  if (!WasTried.exchangeAcqRel(true)) {
    if (const char *Refused = BranchWriter::probe())
      standDown("closed", Refused);
    else
      AreUsed.storeRelaxed(true);
  }
  if (!areUsed() || wish() == Wish::None)
    return false;
  Quiet NoSignals;
  if (!Mutex.tryLock(ForkSpins))
    return true;
  start();
  Followed = wish();
  ModuleSites M;
  uint32_t Nth;
  if (TheRuntime.Sites.findModule(*Module.SitesBegin, M, Nth))
    openModule(M);
  finish();
  Mutex.unlock();
  return true;
}

void Gates::countVain(const Site &S, uint32_t Count) {
  TheRuntime.Time.chargeCpu(Count * VainNs);
  if (!areUsed() || wish() == Wish::All)
    return;
  Hot[HotCount.addRelaxed(1) % MaxHot].storeRelaxed(&S);
  if (VainTrips.addRelaxed(Count) + Count < MaxVain)
    return;
  Quiet NoSignals;
  SiteRegistry::Reading Lock(TheRuntime.Sites);
  if (!Mutex.tryLock())
    return;
  start();
  closeHot();
  finish();
  Mutex.unlock();
}

/// Closes the sites that trips in vain were counted for.
void Gates::closeHot() {
  uint32_t Count = HotCount.exchangeAcqRel(0);
  VainTrips.storeRelaxed(0);
  for (uint32_t I = 0; I != (Count < MaxHot ? Count : MaxHot); ++I) {
    const Site *S = Hot[I].loadRelaxed();
    ModuleSites M;
    uint32_t Nth;
    if (!S || !TheRuntime.Sites.findModule(*S, M, Nth) ||
        M.Branches->isEmpty() || !M.Branches->isOpen(Nth).loadRelaxed())
      continue;
    set(M, Nth, false);
    Recent[RecentNext++ % RecentCount] = S;
  }
}

/// Opens sites of `M` from `NextSite` on that would get time now.
/// Returns: true when it is through.
bool Gates::openSome(const ModuleSites &M, Supply &Has) {
  int64_t Cost = static_cast<int64_t>(TheRuntime.Time.cyclesOf(OpeningNs));
  uint32_t Opened = 0, Last = NextSite + ExaminedAtOnce;
  if (Last > M.Count)
    Last = M.Count;
  for (; NextSite < Last && Opened != OpenedAtOnce; ++NextSite) {
    if (!isOpenable(M, NextSite))
      continue;
    uint32_t Guarded = M.Counts[NextSite].Guarded.loadRelaxed();
    bool IsFocused = M.Begin[NextSite].Flags & SiteIsFocused;
    // Not on credit, which is for what is executed.
    SiteState Asking = {0, Guarded ? Guarded : 1, M.Counts[NextSite].full(),
                        IsFocused};
    if (Has.Level <= 0 || judge(Asking, Has).How == Guarding::None)
      continue;
    open(M, NextSite);
    Has.Level -= Cost;
    ++Opened;
  }
  return NextSite >= M.Count;
}

void Gates::openNext() {
  SiteRegistry &Sites = TheRuntime.Sites;
  if (!areUsed() || wish() != Wish::Governed || !Mutex.tryLock())
    return;
  {
    SiteRegistry::Reading Lock(Sites);
    Supply Has = TheRuntime.supply();
    // Around all modules once, or until one is not done.
    for (uint32_t Left = Sites.moduleCount(); Left; --Left) {
      if (NextModule >= Sites.moduleCount())
        NextModule = 0;
      ModuleSites M;
      if (Sites.module(NextModule, M) && !M.Branches->isEmpty() &&
          !openSome(M, Has))
        break;
      NextSite = 0;
      ++NextModule;
    }
    Code.flush();
  }
  Mutex.unlock();
}

/// Opens the allocation sites of `M`, and on request the contexts.
void Gates::openIn(const ModuleSites &M, bool Contexts) {
  for (uint32_t I = 0; I != M.Count; ++I)
    if (isOpenable(M, I) && (Contexts || !(M.Begin[I].Flags & SiteIsContext)))
      set(M, I, true);
}

void Gates::closeIn(const ModuleSites &M) {
  for (uint32_t I = 0; !M.Branches->isEmpty() && I != M.Count; ++I)
    if (M.Branches->isOpen(I).loadRelaxed())
      set(M, I, false);
}

void Gates::followMode() {
  Wish Now = wish();
  SiteRegistry &Sites = TheRuntime.Sites;
  if (!areUsed() || !Mutex.tryLock())
    return;
  {
    SiteRegistry::Reading Lock(Sites);
    // What is governed finds its way by itself.
    if (Now != Followed && Now != Wish::Governed)
      for (uint32_t I = 0; I != Sites.moduleCount(); ++I)
        if (ModuleSites M; Sites.module(I, M)) {
          if (Now == Wish::All)
            openIn(M, /*Contexts=*/true);
          else
            closeIn(M);
        }
    Followed = Now;
    Code.flush();
  }
  Mutex.unlock();
}

void Gates::setServing(const Site &S) {
  uint32_t Known = ServingCount.loadAcquire();
  for (uint32_t I = 0; I < Known && I < MaxServing; ++I)
    if (Serving[I].loadRelaxed() == &S)
      return;
  // A forgotten one's place, or a new one. Two threads may both set it, or more
  // than there is place for: then some contexts are armed in vain.
  for (uint32_t I = 0; I != MaxServing; ++I) {
    const Site *None = nullptr;
    if (!Serving[I].compareExchangeAcqRel(None, &S))
      continue;
    if (I >= Known)
      ServingCount.storeRelease(I + 1);
    return;
  }
}

void Gates::openServing() {
  if (!areUsed() || !ServingCount.loadAcquire())
    return;
  const Site *Closed[MaxServing];
  unsigned Count = 0;
  ModuleSites M;
  uint32_t Nth;
  SiteRegistry::Reading Lock(TheRuntime.Sites);
  for (uint32_t I = 0; I != ServingCount.loadRelaxed(); ++I)
    if (const Site *S = Serving[I].loadRelaxed())
      if (TheRuntime.Sites.findModule(*S, M, Nth) && isOpenable(M, Nth))
        Closed[Count++] = S;
  if (!Count)
    return;
  Quiet NoSignals;
  if (!Mutex.tryLock(LockSpins))
    return;
  start();
  for (unsigned I = 0; I != Count; ++I)
    if (TheRuntime.Sites.findModule(*Closed[I], M, Nth) && isOpenable(M, Nth))
      set(M, Nth, true);
  finish();
  Mutex.unlock();
}

void Gates::openAllocations() {
  if (!areUsed())
    return;
  SiteRegistry &Sites = TheRuntime.Sites;
  SiteRegistry::Reading Lock(Sites);
  Quiet NoSignals;
  if (!Mutex.tryLock(LockSpins))
    return;
  start();
  for (uint32_t I = 0; I != Sites.moduleCount(); ++I)
    if (ModuleSites M; Sites.module(I, M))
      openIn(M, /*Contexts=*/false);
  finish();
  Mutex.unlock();
}

void Gates::forget(const ModuleDescriptor &Module) {
  auto IsOurs = [&](const Site *S) {
    return S >= Module.SitesBegin && S < Module.SitesEnd;
  };
  for (Atomic<const Site *> &S : Serving)
    if (IsOurs(S.loadRelaxed()))
      S.storeRelaxed(nullptr);
  for (Atomic<const Site *> &S : Hot)
    if (IsOurs(S.loadRelaxed()))
      S.storeRelaxed(nullptr);
  if (!Mutex.tryLock(ForkSpins))
    return;
  for (const Site *&S : Recent)
    if (IsOurs(S))
      S = nullptr;
  Mutex.unlock();
}

bool Gates::lockForFork() { return Mutex.tryLock(ForkSpins); }

void Gates::unlockAfterFork() { Mutex.unlock(); }

void Gates::closeAll() {
  SiteRegistry &Sites = TheRuntime.Sites;
  if (!areUsed())
    return;
  Quiet NoSignals;
  SiteRegistry::Reading Lock(Sites);
  if (!Mutex.tryLock())
    return;
  if (IsAnyOpen) {
    start();
    for (uint32_t I = 0; I != Sites.moduleCount(); ++I)
      if (ModuleSites M; Sites.module(I, M))
        closeIn(M);
    IsAnyOpen = false;
    finish();
  }
  Mutex.unlock();
}

void Gates::openInChild() {
  if (const char *Refused = BranchWriter::probe())
    return standDown("as they are", Refused);
  if (!areUsed() || wish() != Wish::Governed || !Mutex.tryLock())
    return;
  start();
  ModuleSites M;
  uint32_t Nth;
  for (const Site *S : Recent)
    if (S && TheRuntime.Sites.findModule(*S, M, Nth) && isOpenable(M, Nth))
      open(M, Nth);
  finish();
  Mutex.unlock();
}

} // namespace heapfence
