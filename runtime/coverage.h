// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What happened at each site, for `heapfence coverage`.
// Called from: exit, unloading of a module.

#ifndef HEAPFENCE_COVERAGE_H
#define HEAPFENCE_COVERAGE_H

#include "heapfence/abi.h"

namespace heapfence {

/// Appends the allocation sites of `Module` and what happened there to the file
/// that the option coverage_path names, with ".PID" appended; nothing without
/// the option. One JSON object a line: first
///   {"heapfence_coverage": 1, "module": PATH, "pid": N}
/// then for each site its place ("at": innermost first), what it calls, and the
/// counts that are not zero, as in `SiteCounts`.
void writeCoverage(const ModuleDescriptor &Module);

/// The same for all modules that are registered: before an exit without
/// destructors.
void writeAllCoverage();

} // namespace heapfence

#endif // HEAPFENCE_COVERAGE_H
