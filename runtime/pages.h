// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens and closes pages: guard markers where the kernel really has them, else
// mprotect.
// Called from: start-up, slow path, signal handler.

#ifndef HEAPFENCE_PAGES_H
#define HEAPFENCE_PAGES_H

#include "options.h"
#include "sync.h"

namespace heapfence {

/// A closed page faults at every access and costs no memory; an opened page is
/// readable, writable, and reads as zero. Ranges are whole pages inside the
/// reservation. A refused system call changes nothing and returns false.
/// Thread-safety: ranges of different threads must not overlap.
/// Signal-safety: all but `reserve` are safe; all preserve errno.
class Pages {
public:
  /// Reserves `Size` bytes of inaccessible address space aligned to `Size` (a
  /// power of two), at a place that `Random` chooses, and `Before` bytes in
  /// front of them, whole pages, which are readable and writable.
  /// Returns: the address of the former, or 0.
  [[nodiscard]] uintptr_t reserve(size_t Size, uint64_t Random,
                                  size_t Before = 0);

  /// Chooses how pages are closed; with Auto, guard markers if a system call
  /// is seen to fail on a marked page of `Scratch` (two pages, reserved). The
  /// two pages are prepared afterwards.
  /// Returns: false if `Mode` asks for what does not work here.
  [[nodiscard]] bool choose(GuardMode Mode, uintptr_t Scratch);

  /// Makes reserved pages ready to be opened; they stay closed.
  [[nodiscard]] bool prepare(uintptr_t Begin, size_t Size);
  [[nodiscard]] bool open(uintptr_t Begin, size_t Size);
  [[nodiscard]] bool close(uintptr_t Begin, size_t Size);

  size_t pageSize() const { return PageSize; }
  bool usesMarkers() const { return UsesMarkers; }

private:
  bool closeByProtection(uintptr_t Begin, size_t Size);

  size_t PageSize = 0;
  bool UsesMarkers = false;
};

/// True if the kernel can read a byte at `Address` (which need not be mapped).
/// Signal-safety: safe; preserves errno.
bool isReadable(uintptr_t Address);

} // namespace heapfence

#endif // HEAPFENCE_PAGES_H
