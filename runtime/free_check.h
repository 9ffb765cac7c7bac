// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With check_free: a look at each pointer on its way to the real free and
// realloc.
// Called from: start-up.

#ifndef HEAPFENCE_FREE_CHECK_H
#define HEAPFENCE_FREE_CHECK_H

#include "unwind.h"

namespace heapfence {

/// From now on a pointer that the allocator did not give (to the stack, to
/// static memory, to a mapping of a file or of the program's, to nothing, or
/// not aligned) is reported, once for each call, and neither freed nor
/// reallocated. Requires: the real functions are known; no other thread runs
/// the program yet. Cost: some 140 ns a call with glibc's allocator, most of it
/// a system call, 20 with others (test/bench/heap_cost); for memory that was
/// not seen before, a reading of /proc/self/maps.
void checkFrees();

/// True with check_free, if no allocator can have given `P`, which `Caller`
/// hands to a function that the runtime does not interpose.
bool isForeignObject(const void *P, const CallerFrame *Caller);

} // namespace heapfence

#endif // HEAPFENCE_FREE_CHECK_H
