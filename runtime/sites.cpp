// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The registered modules' call sites.

#include "sites.h"
#include "governor.h"
#include "slot.h"

#include <sys/mman.h>
#include <time.h>

namespace heapfence {

static uint32_t *cellOf(const Site &S) {
  return const_cast<uint32_t *>(S.Weight.get());
}

static uint32_t weightFor(const Site &S, InitialWeights Weights) {
  return S.Flags & SiteIsContext ? Weights.Context : Weights.Allocation;
}

void setWeights(const ModuleDescriptor &Module, InitialWeights Weights) {
  for (const Site *S = Module.SitesBegin; S != Module.SitesEnd; ++S)
    if (uint32_t *Cell = cellOf(*S))
      __atomic_store_n(Cell, weightFor(*S, Weights), __ATOMIC_RELAXED);
}

void switchOffCxx(const ModuleDescriptor &Module) {
  for (const Site *S = Module.SitesBegin; S != Module.SitesEnd; ++S)
    if (uint32_t *Cell = cellOf(*S);
        Cell && familyOf(S->Callee) != Family::Malloc)
      __atomic_store_n(Cell, 0, __ATOMIC_RELAXED);
}

/// An entry that no module has; null if all are taken.
SiteRegistry::Entry *SiteRegistry::takeEntry() {
  for (uint32_t I = 0; I != MaxModules; ++I) {
    if (Modules[I].IsTaken.exchangeAcqRel(true))
      continue;
    // Loading is serial in every dynamic loader, so the maximum is not lost.
    if (Count.loadRelaxed() <= I)
      Count.storeRelaxed(I + 1);
    return &Modules[I];
  }
  return nullptr;
}

bool SiteRegistry::add(const ModuleDescriptor &Module, InitialWeights Weights) {
  // Cells that hold it already stay untouched, and so do their pages.
  if (Weights.Allocation != UncoveredWeight ||
      Weights.Context != UncoveredWeight)
    setWeights(Module, Only ? InitialWeights{0, 0} : Weights);
  uint32_t Sites = uint32_t(Module.SitesEnd - Module.SitesBegin);
  if (!Sites)
    return true;
  Entry *Free = takeEntry();
  if (!Free)
    return false;
  Entry &E = *Free;
  E.Begin.storeRelease(Module.SitesBegin);
  E.End.storeRelease(Module.SitesEnd);
  uint32_t First = NextIndex.addRelaxed(Sites);
  E.FirstIndex.storeRelease(First);
  E.CountsBytes = Sites * sizeof(SiteCounts);
  // Touched only where a site is guarded.
  void *Counts = mmap(nullptr, E.CountsBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (Counts == MAP_FAILED) {
    E.IsTaken.storeRelease(false);
    return false;
  }
  E.Counts = static_cast<SiteCounts *>(Counts);
  if (!E.Branches.init(Module))
    E.Branches.clear(); // They stay closed.
  E.Module.storeRelease(&Module);
  if (Only)
    Chosen.addRelaxed(weighChosen(Module, First, Weights));
  return true;
}

/// Sets the weights of the chosen sites of a module whose first one is numbered
/// `First`, and those of the others to 0. Returns: how many are chosen.
uint32_t SiteRegistry::weighChosen(const ModuleDescriptor &Module,
                                   uint32_t First, InitialWeights Weights) {
  uint32_t Result = 0;
  for (const Site *S = Module.SitesBegin; S != Module.SitesEnd; ++S) {
    uint32_t *Cell = cellOf(*S);
    if (!Cell)
      continue;
    bool IsChosen = Only->means(*S, First + uint32_t(S - Module.SitesBegin));
    Result += IsChosen;
    __atomic_store_n(Cell, IsChosen ? weightFor(*S, Weights) : 0,
                     __ATOMIC_RELAXED);
  }
  return Result;
}

void SiteRegistry::remove(const ModuleDescriptor &Module) {
  uint32_t Known = Count.loadRelaxed();
  for (uint32_t I = 0; I != Known; ++I) {
    Entry &E = Modules[I];
    if (E.Module.loadAcquire() != &Module)
      continue;
    E.Module.storeSeqCst(nullptr);
    waitForReaders();
    munmap(E.Counts, E.CountsBytes);
    E.Branches.clear();
    E.IsTaken.storeRelease(false);
  }
}

/// A reader of another thread may be in the module's memory. It is quick,
/// unless it is stopped: then not for ever.
void SiteRegistry::waitForReaders() {
  constexpr struct timespec Pause = {0, 1000000};
  for (unsigned I = 0; I != 1000 && Readers.loadSeqCst(); ++I)
    nanosleep(&Pause, nullptr);
}

const Site *SiteRegistry::findByReturn(uintptr_t Pc) {
  const char *Address = reinterpret_cast<const char *>(Pc);
  Reading Lock(*this);
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I)
    if (const ModuleDescriptor *M = Modules[I].Module.loadSeqCst())
      for (const ReturnRecord *R = M->ReturnsBegin; R != M->ReturnsEnd; ++R)
        if (R->Address.get() == Address)
          return R->Where.get();
  return nullptr;
}

bool SiteRegistry::isHelper(uintptr_t Pc) {
  const char *Address = reinterpret_cast<const char *>(Pc);
  Reading Lock(*this);
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I)
    if (const ModuleDescriptor *M = Modules[I].Module.loadSeqCst())
      if (Address > M->HelpersBegin && Address <= M->HelpersEnd)
        return true;
  return false;
}

void SiteRegistry::setAllWeights(InitialWeights Weights, bool HasCxx) {
  Reading Lock(*this);
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I)
    if (const ModuleDescriptor *M = Modules[I].Module.loadSeqCst()) {
      if (Only)
        weighChosen(*M, Modules[I].FirstIndex.loadRelaxed(), Weights);
      else
        setWeights(*M, Weights);
      if (!HasCxx)
        switchOffCxx(*M);
    }
}

void SiteRegistry::rearmNext(uint32_t Limit) {
  Reading Lock(*this);
  uint32_t Known = Count.loadRelaxed();
  if (!Known)
    return;
  uint32_t At = RearmedModule.loadRelaxed() % Known;
  Entry &E = Modules[At];
  uint32_t Sites = 0, First = RearmedSite.loadRelaxed();
  if (E.Module.loadSeqCst())
    Sites = uint32_t(E.End.loadAcquire() - E.Begin.loadAcquire());
  uint32_t Last = First + Limit < Sites ? First + Limit : Sites;
  for (uint32_t I = First; I < Last; ++I) {
    uint32_t *Cell = cellOf(E.Begin.loadRelaxed()[I]);
    if (!Cell)
      continue;
    uint32_t Weight = __atomic_load_n(Cell, __ATOMIC_RELAXED);
    uint32_t More = rearmed({Weight, E.Counts[I].Guarded.loadRelaxed(), 0});
    if (More != Weight)
      __atomic_compare_exchange_n(Cell, &Weight, More, /*weak=*/false,
                                  __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  }
  // Two threads at once do the same sites, or leave some for the next round.
  bool IsDone = Last == Sites;
  RearmedSite.storeRelaxed(IsDone ? 0 : Last);
  RearmedModule.storeRelaxed(IsDone ? At + 1 : At);
}

void SiteRegistry::forEachModule(void (*Do)(const ModuleDescriptor &)) {
  Reading Lock(*this);
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I)
    if (const ModuleDescriptor *M = Modules[I].Module.loadSeqCst())
      Do(*M);
}

void SiteRegistry::startCountsAnew() {
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I) {
    const Entry &E = Modules[I];
    if (!E.Module.loadSeqCst())
      continue;
    for (size_t N = E.End.loadRelaxed() - E.Begin.loadRelaxed(); N-- != 0;) {
      SiteCounts &C = E.Counts[N];
      uint32_t Guarded = C.Guarded.loadRelaxed();
      uint32_t Executed = C.Executed.loadRelaxed();
      if (!Guarded && !C.NoTime.loadRelaxed() && !C.InVain.loadRelaxed())
        continue; // Its page stays shared.
      C = {};
      C.Guarded.storeRelaxed(Guarded);
      C.GuardedBefore.storeRelaxed(Guarded);
      C.Executed.storeRelaxed(Executed);
    }
  }
}

SiteRegistry::Entry *SiteRegistry::entryOf(const Site &S, uint32_t &First,
                                           const Site *&Begin) {
  uint32_t Known = Count.loadRelaxed();
  for (uint32_t I = 0; I != Known; ++I) {
    // Not through the descriptor: its module may be unloaded at this moment,
    // unless it is the one of `S`.
    Entry &E = Modules[I];
    bool IsKnown = E.Module.loadAcquire() != nullptr;
    First = E.FirstIndex.loadAcquire();
    Begin = E.Begin.loadAcquire();
    const Site *End = E.End.loadAcquire();
    if (!IsKnown || &S < Begin || &S >= End)
      continue;
    // The entry may have changed hands meanwhile, unless `S` is one of its
    // sites. Its numbers never come again.
    if (!E.Module.loadAcquire() || E.FirstIndex.loadAcquire() != First)
      continue;
    return &E;
  }
  return nullptr;
}

SiteEntry SiteRegistry::find(const Site &S) {
  uint32_t First;
  const Site *Begin;
  Entry *E = entryOf(S, First, Begin);
  if (!E)
    return {NoSiteIndex, nullptr};
  uint32_t Nth = uint32_t(&S - Begin);
  return {First + Nth, &E->Counts[Nth]};
}

bool SiteRegistry::findModule(const Site &S, ModuleSites &M, uint32_t &Nth) {
  uint32_t First;
  const Site *Begin;
  Entry *E = entryOf(S, First, Begin);
  if (!E)
    return false;
  M = {Begin, uint32_t(E->End.loadRelaxed() - Begin), E->Counts, &E->Branches};
  Nth = uint32_t(&S - Begin);
  return true;
}

bool SiteRegistry::module(uint32_t Number, ModuleSites &M) {
  Entry &E = Modules[Number];
  if (!E.Module.loadSeqCst())
    return false;
  const Site *Begin = E.Begin.loadAcquire();
  M = {Begin, uint32_t(E.End.loadAcquire() - Begin), E.Counts, &E.Branches};
  return true;
}

const Site *SiteRegistry::site(uint32_t Index) {
  ModuleSites M;
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I) {
    if (!module(I, M))
      continue;
    uint32_t Nth = Index - Modules[I].FirstIndex.loadAcquire();
    if (Nth < M.Count)
      return M.Begin + Nth;
  }
  return nullptr;
}

void SiteRegistry::count(uint32_t Index, Atomic<uint32_t> SiteCounts::*What) {
  Reading Lock(*this);
  for (uint32_t I = 0, Known = Count.loadRelaxed(); I != Known; ++I) {
    Entry &E = Modules[I];
    if (!E.Module.loadSeqCst())
      continue;
    uint32_t Nth = Index - E.FirstIndex.loadAcquire();
    if (Nth < uint32_t(E.End.loadAcquire() - E.Begin.loadAcquire())) {
      (E.Counts[Nth].*What).addRelaxed(1);
      return;
    }
  }
}

} // namespace heapfence
