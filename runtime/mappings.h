// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the process has mapped, as far as it matters to a free.
// Called from: checked frees.

#ifndef HEAPFENCE_MAPPINGS_H
#define HEAPFENCE_MAPPINGS_H

#include <stddef.h>
#include <stdint.h>

namespace heapfence {

enum class Mapped : uint8_t {
  MayBeHeap, ///< An allocator may have it: anonymous, or a file in memory only.
  File,      ///< Of a file, a device, or the kernel.
  Stack,     ///< Of the main thread.
  Closed,    ///< May not be read, now.
  Nothing,   ///< Nothing is mapped there.
};

/// A line of /proc/PID/maps.
struct MapsLine {
  uintptr_t Begin, End;
  Mapped Kind; ///< Not `Nothing`.
};

/// Reads a line of `Size` bytes, of which the end may be missing.
/// Returns: false if it is none. Signal-safety: safe.
[[nodiscard]] bool parseMapsLine(const char *Text, size_t Size,
                                 MapsLine &Result);

/// What `Address` lies in; `MayBeHeap` where that cannot be known at once.
/// Thread-safety: safe. Signal-safety: safe; preserves errno.
/// Cost: a search among 256 ranges for what was `MayBeHeap` the last time, and
/// may have changed since; else all of /proc/self/maps is read.
Mapped mappedAt(uintptr_t Address);

} // namespace heapfence

#endif // HEAPFENCE_MAPPINGS_H
