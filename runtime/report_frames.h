// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The frames of a stack as a report gives them, whatever its format.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_FRAMES_H
#define HEAPFENCE_REPORT_FRAMES_H

#include "report.h"

namespace heapfence {

struct ReportFrame {
  /// The call, or the instruction of a fault: so that every reader of line
  /// tables finds the right one. A return address would point behind it.
  uintptr_t Pc;
  /// Where, if the site table says so. What was inlined there has frames of
  /// their own before it, with the same `Pc`.
  const SourceFrame *Source;
};

/// Calls `Do(ReportFrame)` for each frame of `Pcs`, innermost first, but those
/// of the pass's helpers. `Top`: the site of the first, or null.
/// `FirstIsExact`: the first is no return address.
template <typename Function>
void forEachFrame(const Report &R, const uintptr_t *Pcs, unsigned Count,
                  const Site *Top, bool FirstIsExact, Function Do) {
  for (unsigned I = 0; I != Count; ++I) {
    if (R.IsHelper && R.IsHelper(Pcs[I]))
      continue;
    bool IsExact = I == 0 && FirstIsExact;
    uintptr_t Pc = Pcs[I] - (IsExact ? 0 : arch::CallLength);
    if (I != 0 || !Top) {
      Do(ReportFrame{Pc, nullptr});
      continue;
    }
    for (const SourceFrame *F = &Top->Where; F; F = F->InlinedAt.get())
      Do(ReportFrame{Pc, F});
  }
}

} // namespace heapfence

#endif // HEAPFENCE_REPORT_FRAMES_H
