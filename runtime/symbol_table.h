// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names of functions, from the symbol tables of the loaded objects' files.
// Called from: signal handler.

#ifndef HEAPFENCE_SYMBOL_TABLE_H
#define HEAPFENCE_SYMBOL_TABLE_H

#include <stdint.h>

namespace heapfence {

/// Calls `Do` with each name that a function at `Address` has, as `nm` prints
/// it, without a version: by the table of all symbols, or, where it was
/// stripped, by that of the dynamic ones. Nothing if the file cannot be read,
/// or is another one by now. The name is gone when `Do` returns.
/// Signal-safety: as `findObject`, by a single thread at a time; preserves
/// errno. Cost: reads the whole table: some 10 us for a thousand symbols.
void forEachNameAt(uintptr_t Address, void (*Do)(const char *Name, void *Data),
                   void *Data);

} // namespace heapfence

#endif // HEAPFENCE_SYMBOL_TABLE_H
