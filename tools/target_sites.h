// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The site tables of a process that is looked at from outside.

#ifndef HEAPFENCE_TOOLS_TARGET_SITES_H
#define HEAPFENCE_TOOLS_TARGET_SITES_H

#include "heapfence/control.h"
#include "target_memory.h"

#include <map>
#include <memory>

namespace heapfence {

class TargetSites {
public:
  /// `M` outlives this.
  TargetSites(const TargetMemory &M, const ObjectTables &Tables);
  ~TargetSites();

  /// A copy of the site at `Address` of the process, with all that it refers
  /// to; it lives as long as this does. Null: it cannot be read.
  const Site *siteAt(uint64_t Address);

  /// As of `SiteRegistry`: the site of the call that returns to `Pc`. `Told`:
  /// where the site is if the call told it, or 0.
  const Site *ofCall(uint64_t Told, uint64_t Pc);
  bool isHelper(uint64_t Pc) const;

private:
  struct Copy;

  const TargetMemory &M;
  std::vector<ModuleDescriptor> Modules; ///< With addresses of the process.
  std::map<uint64_t, std::unique_ptr<Copy>> Copies; ///< By address.
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_TARGET_SITES_H
