// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The registered modules' call sites: numbers, weights, counts.
// Called from: module constructors, slow path.

#ifndef HEAPFENCE_SITES_H
#define HEAPFENCE_SITES_H

#include "branch.h"
#include "site_choice.h"
#include "sync.h"

namespace heapfence {

inline constexpr unsigned MaxModules = 1024;

/// What happened at one site. Counts wrap around.
struct SiteCounts {
  Atomic<uint32_t> Guarded;  ///< Objects.
  Atomic<uint32_t> Light;    ///< Of those, lightly.
  Atomic<uint32_t> Freed;    ///< Of those.
  Atomic<uint32_t> Reported; ///< Errors in those.
  /// Refused: for lack of time, or of room for live objects; by the pool.
  Atomic<uint32_t> NoTime, NoRoom, Refused;
  Atomic<uint32_t> InVain; ///< Context: guarded, but nothing was allocated.
  Atomic<uint32_t> GuardedBefore; ///< Of `Guarded`, those before a fork.
  Atomic<uint32_t> Executed;      ///< Where each is seen: see `Runtime`.

  /// Of `Guarded`, those fully.
  uint32_t full() const { return Guarded.loadRelaxed() - Light.loadRelaxed(); }
};

/// A site as the registry knows it. Null `Counts`: it does not.
struct SiteEntry {
  uint32_t Index; ///< In the order of registration and of the linker.
  SiteCounts *Counts;
};

/// A module's sites, to walk through. Valid within a `SiteRegistry::Reading`,
/// or while the module's code runs.
struct ModuleSites {
  const Site *Begin;
  uint32_t Count;
  SiteCounts *Counts;    ///< One for each site,
  BranchTable *Branches; ///< and of each.

  uint32_t *weight(uint32_t Nth) const {
    return const_cast<uint32_t *>(Begin[Nth].Weight.get());
  }
};

/// The weights that a new module's sites get.
struct InitialWeights {
  uint32_t Allocation, Context;
};

/// Append-only but for dlclose: readers need no lock.
class SiteRegistry {
public:
  /// Whatever weights are to be set: sites that `Choice` does not mean get 0.
  /// Requires: called before any other member, if at all.
  void restrictTo(const SiteChoice &Choice) { Only = &Choice; }
  /// How many of the sites so far `restrictTo` means.
  uint32_t chosenCount() const { return Chosen.loadRelaxed(); }

  /// Makes a linked module's sites known, and sets their weights (which are
  /// `UncoveredWeight` before).
  /// Returns: false if there are too many modules or no memory; the module's
  /// sites are then not numbered.
  bool add(const ModuleDescriptor &Module, InitialWeights Weights);
  /// Forgets a module whose memory goes away.
  void remove(const ModuleDescriptor &Module);

  /// Sets the weights of all known sites anew. Those of operator new stay off
  /// unless `HasCxx`.
  /// Thread-safety: safe. Signal-safety: safe.
  void setAllWeights(InitialWeights Weights, bool HasCxx);

  /// Raises the weights of the next `Limit` sites or so, around all of them in
  /// turn, so that none is forgotten that was refused when there was no time.
  /// Thread-safety: safe. Signal-safety: safe.
  void rearmNext(uint32_t Limit);

  /// Calls `Do` for each known module.
  void forEachModule(void (*Do)(const ModuleDescriptor &));

  /// In the child of a fork: lets go of threads that are not in it.
  void forgetReaders() { Readers.storeSeqCst(0); }
  /// In the child of a fork: what was counted so far is the parent's.
  void startCountsAnew();

  /// Looks up a site of a module that cannot go away meanwhile: its code runs.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the modules.
  SiteEntry find(const Site &S);

  /// The module that `S` is the `Nth` site of, which cannot go away meanwhile.
  /// Returns: false if it is not known.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the modules.
  bool findModule(const Site &S, ModuleSites &M, uint32_t &Nth);

  /// Numbers of modules are below it.
  uint32_t moduleCount() const { return Count.loadRelaxed(); }
  /// Returns: false if no module has the number. Requires: a `Reading`.
  bool module(uint32_t Number, ModuleSites &M);

  /// The site numbered `Index`; null if its module is not there.
  /// Thread-safety: safe, but the module may go away. Signal-safety: safe.
  const Site *site(uint32_t Index);

  /// Adds one to a count of the site numbered `Index`, if its module is there.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the modules.
  void count(uint32_t Index, Atomic<uint32_t> SiteCounts::*What);

  /// The deallocation site whose call returns to `Pc`; null if it is not known.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the deallocation
  /// sites; for reports.
  const Site *findByReturn(uintptr_t Pc);

  /// The site of a call that returns to `Pc`: `Told`, if the call told it, or
  /// what the table of return addresses says.
  const Site *ofCall(const Site *Told, uintptr_t Pc) {
    return Told ? Told : findByReturn(Pc);
  }

  /// True if a call that returns to `Pc` is in the code that the pass emitted
  /// besides the program's own.
  /// Thread-safety: safe. Signal-safety: safe.
  bool isHelper(uintptr_t Pc);

  /// Where the modules are, for who reads them from outside: cells, of which
  /// `*moduleCountCell()` are used, `moduleCellStride()` bytes apart.
  const ModuleDescriptor *const *moduleCells() const {
    return Modules[0].Module.cell();
  }
  static uint32_t moduleCellStride() { return sizeof(Entry); }
  const uint32_t *moduleCountCell() const { return Count.cell(); }

  /// While it lives, `remove` waits: the modules' memory stays.
  class Reading {
  public:
    // Either `remove` sees us, or we do not see the module.
    explicit Reading(SiteRegistry &R) : R(R) { R.Readers.addSeqCst(1); }
    ~Reading() { R.Readers.addSeqCst(-1); }

  private:
    SiteRegistry &R;
  };

private:
  struct Entry {
    Atomic<bool> IsTaken;
    /// The module is known while this is not null (release/acquire).
    Atomic<const ModuleDescriptor *> Module;
    /// Written in this order (release/acquire): whoever finds `Module` known
    /// and `FirstIndex` unchanged has read what belongs together.
    Atomic<const Site *> Begin, End;
    Atomic<uint32_t> FirstIndex;
    SiteCounts *Counts = nullptr; ///< One for each site.
    size_t CountsBytes = 0;
    BranchTable Branches;
  };

  Entry *takeEntry();
  Entry *entryOf(const Site &S, uint32_t &First, const Site *&Begin);
  void waitForReaders();
  uint32_t weighChosen(const ModuleDescriptor &Module, uint32_t First,
                       InitialWeights Weights);

  Entry Modules[MaxModules];
  Atomic<uint32_t> Readers; ///< Of module memory; `remove` waits for them.
  Atomic<uint32_t> Count;   ///< Entries below it were ever taken.
  Atomic<uint32_t> NextIndex;
  const SiteChoice *Only = nullptr; ///< null: all.
  Atomic<uint32_t> Chosen;
  Atomic<uint32_t> RearmedModule, RearmedSite; ///< Where `rearmNext` goes on.
};

/// Writes the weight cells of all sites of `Module`.
void setWeights(const ModuleDescriptor &Module, InitialWeights Weights);

/// Switches the sites of operator new off.
void switchOffCxx(const ModuleDescriptor &Module);

} // namespace heapfence

#endif // HEAPFENCE_SITES_H
