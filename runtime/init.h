// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Start-up, and every reason to stand down.
// Called from: module constructors.

#ifndef HEAPFENCE_INIT_H
#define HEAPFENCE_INIT_H

namespace heapfence {

/// Decides once whether the runtime is on. Later calls do nothing.
void startRuntime();

} // namespace heapfence

#endif // HEAPFENCE_INIT_H
