// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the call frame information (.eh_frame) of an address and what it says.
// Called from: slow path of sampled allocations, signal handler.

#ifndef HEAPFENCE_EH_FRAME_H
#define HEAPFENCE_EH_FRAME_H

#include "cfa_program.h"

#include <stdint.h>

namespace heapfence {

/// The call frame information of one loaded object.
struct EhFrameTables {
  uintptr_t Header; ///< Address of .eh_frame_hdr.
  uintptr_t Low;    ///< [Low, High) can be read and has all the tables.
  uintptr_t High;
  /// They are a copy, which lies this much further on than what it is of. It
  /// covers the code's addresses if the tables refer to it by distance, as all
  /// linkers' do.
  uintptr_t Moved = 0;
};

/// Finds the tables of the object that has `Pc`.
/// Returns: false if there is no such object or it has no tables.
/// Signal-safety: safe with glibc 2.35 or later, which has _dl_find_object;
/// elsewhere it calls dl_iterate_phdr, which takes the loader's lock.
[[nodiscard]] bool ehFrameTablesFor(uintptr_t Pc,
                                    EhFrameTables &Tables) noexcept;

/// The rule that holds at the instruction at `Pc`.
/// Returns: a rule of kind None if the tables do not cover `Pc`, are malformed,
/// or describe what `FrameRule` cannot express.
/// Signal-safety: safe. Reads the tables' range only, whatever it contains, so
/// tests can make up their own.
FrameRule findFrameRule(const EhFrameTables &Tables, uintptr_t Pc) noexcept;

} // namespace heapfence

#endif // HEAPFENCE_EH_FRAME_H
