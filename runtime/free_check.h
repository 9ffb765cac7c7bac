// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With check_free: a look at each pointer on its way to the real free.
// Called from: start-up.

#ifndef HEAPFENCE_FREE_CHECK_H
#define HEAPFENCE_FREE_CHECK_H

namespace heapfence {

/// From now on a pointer that no allocator gave (to the stack, to static
/// memory, or not aligned) is reported, once for each call, and not freed.
/// Cost: some 20 ns a free. Requires: the real free is known; no other thread
/// runs the program yet.
void checkFrees();

} // namespace heapfence

#endif // HEAPFENCE_FREE_CHECK_H
