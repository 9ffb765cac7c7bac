// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lets another process look at the runtime, and turn its knobs.
// Called from: start-up, slow path.

#ifndef HEAPFENCE_RUNTIME_CONTROL_H
#define HEAPFENCE_RUNTIME_CONTROL_H

#include "heapfence/control.h"

namespace heapfence {

/// Makes the block for the pool that the runtime has.
void showControl();

/// True if somebody turned a knob since `applyControl`.
/// Signal-safety: safe. Cost: two loads.
bool isControlTurned();

/// Does as the knobs say. Of several threads one does it.
/// Signal-safety: safe.
void applyControl();

} // namespace heapfence

#endif // HEAPFENCE_RUNTIME_CONTROL_H
