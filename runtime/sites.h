// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The registered modules' call sites: numbers, weights, counts.
// Called from: module constructors, slow path.

#ifndef HEAPFENCE_SITES_H
#define HEAPFENCE_SITES_H

#include "heapfence/abi.h"
#include "sync.h"

namespace heapfence {

inline constexpr unsigned MaxModules = 1024;

/// Number of a site, and how often it was guarded.
struct SiteNumber {
  uint32_t Index;   ///< In the order of registration and of the linker.
  uint32_t Ordinal; ///< 1 for the site's first guarded object.
};

/// Append-only but for dlclose: readers need no lock.
class SiteRegistry {
public:
  /// Makes a linked module's sites known. `Weight`: written to all its weight
  /// cells, unless it is `UncoveredWeight`, which they hold already.
  /// Returns: false if there are too many modules or no memory; the module's
  /// sites are then not numbered.
  bool add(const ModuleDescriptor &Module, uint32_t Weight);
  /// Forgets a module whose memory goes away.
  void remove(const ModuleDescriptor &Module);

  /// Counts one more guarded object at `S`.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the modules.
  SiteNumber countGuarded(const Site &S);

  /// The deallocation site whose call returns to `Pc`; null if it is not known.
  /// Thread-safety: safe. Signal-safety: safe. Cost: linear in the deallocation
  /// sites; for reports.
  const Site *findByReturn(uintptr_t Pc);

private:
  struct Entry {
    Atomic<bool> IsTaken;
    /// The module is known while this is not null (release/acquire).
    Atomic<const ModuleDescriptor *> Module;
    /// Written in this order (release/acquire): whoever finds `Module` known
    /// and `FirstIndex` unchanged has read what belongs together.
    Atomic<const Site *> Begin, End;
    Atomic<uint32_t> FirstIndex;
    Atomic<uint32_t> *Guarded = nullptr; ///< A count for each site.
    size_t GuardedBytes = 0;
  };

  Entry *takeEntry();
  void waitForReaders();

  Entry Modules[MaxModules];
  Atomic<uint32_t> Readers; ///< Of module memory; `remove` waits for them.
  Atomic<uint32_t> Count;   ///< Entries below it were ever taken.
  Atomic<uint32_t> NextIndex;
};

/// Writes `Weight` to the weight cell of every site of `Module`; with
/// `OnlyCxx`, to those of operator new only.
void setWeights(const ModuleDescriptor &Module, uint32_t Weight,
                bool OnlyCxx = false);

} // namespace heapfence

#endif // HEAPFENCE_SITES_H
