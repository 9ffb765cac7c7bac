// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The checks of buffers that a program hands to the C library or the kernel:
// what those do beside an object on its open pages, or on closed ones in the
// kernel, raises no fault. Called from: slow path.

#ifndef HEAPFENCE_BOUNDARY_H
#define HEAPFENCE_BOUNDARY_H

namespace heapfence {

/// Lets the calls of all modules be checked. Checks end by themselves when they
/// have used up the time there is.
/// Thread-safety: safe. Signal-safety: safe.
void openBufferChecks();

/// The same if they had ended and there is time again.
void reopenBufferChecks();

} // namespace heapfence

#endif // HEAPFENCE_BOUNDARY_H
