// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the allocator under HeapFence found by itself: an error with an object
// that was not guarded, for which it ends the program.
// Called from: start-up, signal handler, tests.

#ifndef HEAPFENCE_ALLOCATOR_ERROR_H
#define HEAPFENCE_ALLOCATOR_ERROR_H

#include "diagnose.h"

namespace heapfence {

/// Finds where the C library leaves the message it aborts with. Call it once,
/// at start. Signal-safety: unsafe (the dynamic loader's lock).
void findAbortMessage();

/// The message of the abort that is under way, without an end of line: what
/// glibc's allocator says of the heap, or what others say. Null: there is none.
/// Signal-safety: safe. Returns static storage.
const char *abortMessage();

/// Which error of the heap's use `Message` tells, by the wording of glibc 2.26
/// and later. `None`: it is about something else (an assertion, for one).
ErrorKind judgeAbortMessage(const char *Message);

/// The first of `Pcs`, of a thread that is in a call of the allocator, that is
/// not in the allocator or the C library: the call returns there.
/// Returns: its index; `Count` if all are, or the first is not.
/// Signal-safety: as `findObject`.
unsigned findAllocatorCall(const uintptr_t *Pcs, unsigned Count);

} // namespace heapfence

#endif // HEAPFENCE_ALLOCATOR_ERROR_H
