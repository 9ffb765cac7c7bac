// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C library and C++ symbols that the runtime shares with the process, and
// the test whether they really are in force.
// Called from: start-up; the functions themselves from anywhere.

#ifndef HEAPFENCE_INTERPOSE_H
#define HEAPFENCE_INTERPOSE_H

namespace heapfence {

/// Checks that a free or realloc from anywhere in the process comes to us: by
/// the dynamic symbol table, and by a call through the C library.
/// Returns: null, or the reason why not, for a person.
/// Requires: no guarded object exists yet.
const char *findForeignHeap();

/// Returns: null if operator new and delete are the usual ones with ours in
/// front, else the reason why objects of operator new cannot be guarded.
const char *findForeignOperators();

} // namespace heapfence

#endif // HEAPFENCE_INTERPOSE_H
