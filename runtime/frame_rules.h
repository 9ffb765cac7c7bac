// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The frame rule for any program counter of the process, remembered.
// Called from: slow path of sampled allocations, signal handler.

#ifndef HEAPFENCE_FRAME_RULES_H
#define HEAPFENCE_FRAME_RULES_H

#include "eh_frame.h"

#include <stdint.h>

namespace heapfence {

/// The rule for leaving the frame of the instruction at `Pc` (for a return
/// address: `arch::CallLength` below it).
///
/// Rules are cached by address. After dlclose and dlopen put other code at an
/// address, a rule may be the old code's until the next `cfiCacheFlush`; that
/// yields a wrong stack, never a wrong access, because a rule is only
/// arithmetic and its user checks every address before reading from it.
///
/// Returns: a rule of kind None when there is no object, no call frame
/// information, or none that we can follow.
/// Thread-safety: safe, lock-free when cached.
/// Signal-safety: safe with glibc 2.35 or later, else as dl_iterate_phdr.
/// Cost: two loads when cached, else about 0.3 us.
FrameRule frameRuleAt(uintptr_t Pc) noexcept;

/// Forgets all cached rules. To be called when code may have been unmapped.
/// A lookup that runs meanwhile cannot bring an old rule back.
/// Thread-safety: safe. Signal-safety: safe. Cost: one atomic addition.
void cfiCacheFlush() noexcept;

} // namespace heapfence

#endif // HEAPFENCE_FRAME_RULES_H
