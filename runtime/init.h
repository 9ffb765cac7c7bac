// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Start-up, and every reason to stand down.
// Called from: module constructors.

#ifndef HEAPFENCE_INIT_H
#define HEAPFENCE_INIT_H

#include "heapfence/abi.h"

namespace heapfence {

/// Makes an instrumented linked module known. The first one starts the runtime,
/// or finds a reason to stand down.
void addModule(const ModuleDescriptor &Module);

/// Forgets a module that is being unloaded. The last one says the statistics.
void removeModule(const ModuleDescriptor &Module);

} // namespace heapfence

#endif // HEAPFENCE_INIT_H
