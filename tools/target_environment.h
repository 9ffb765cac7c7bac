// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime's unwinder and reports ask of the process they run in,
// answered for one that is looked at from outside: defines `findObject`,
// `ehFrameTablesFor` and `stackBounds`.

#ifndef HEAPFENCE_TOOLS_TARGET_ENVIRONMENT_H
#define HEAPFENCE_TOOLS_TARGET_ENVIRONMENT_H

#include "target_modules.h"

namespace heapfence {

/// Answers for `M` from now on. Both outlive all such questions.
void setTarget(const TargetMemory &M, TargetModules &Modules);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_TARGET_ENVIRONMENT_H
