// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether the program's allocator knows a pointer as one of its own.
// Called from: checked frees.

#ifndef HEAPFENCE_OWNERSHIP_H
#define HEAPFENCE_OWNERSHIP_H

#include <stdint.h>

namespace heapfence {

/// Finds out whose allocator frees the process's objects, and how it can be
/// asked. Thread-safety: no other thread runs the program yet.
void findAllocator();

/// True if glibc's allocator serves the process.
bool isAllocatorLibcs();

/// Why the allocator has no object at `Address`; null: it has, or cannot be
/// asked. glibc's is asked by the header before each of its objects, tcmalloc
/// and mimalloc by functions that they export for it.
/// Requires: the 8 bytes before `Address` can be read.
/// Thread-safety: safe, if nothing is freed there meanwhile.
const char *whyNotOwned(uintptr_t Address);

} // namespace heapfence

#endif // HEAPFENCE_OWNERSHIP_H
