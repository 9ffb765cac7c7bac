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

/// One of a report's stacks.
struct ReportStack {
  const uintptr_t *Pcs; ///< Innermost first.
  unsigned Count;
  const Site *Top;   ///< The site of the first, or null.
  bool FirstIsExact; ///< The first is no return address.

  explicit ReportStack(const ErrorStack &S)
      : Pcs(S.Pcs), Count(S.Count), Top(S.Where), FirstIsExact(S.IsFault) {}
  ReportStack(const Trace &T, const Site *Top)
      : Pcs(T.Pcs), Count(T.Count), Top(Top), FirstIsExact(false) {}
};

/// Calls `Do(Pc, IsExact, Top)` for each address of `Stack` as it is, innermost
/// first, but those of the pass's helpers. `Top`: its site, or null.
template <typename Function>
void forEachPc(const Report &R, const ReportStack &Stack, Function Do) {
  for (unsigned I = 0; I != Stack.Count; ++I)
    if (!R.IsHelper || !R.IsHelper(Stack.Pcs[I]))
      Do(Stack.Pcs[I], I == 0 && Stack.FirstIsExact,
         I == 0 ? Stack.Top : nullptr);
}

/// Calls `Do(ReportFrame)` for each frame of `Stack` in the same manner.
template <typename Function>
void forEachFrame(const Report &R, const ReportStack &Stack, Function Do) {
  forEachPc(R, Stack, [&](uintptr_t Pc, bool IsExact, const Site *Top) {
    Pc -= IsExact ? 0 : arch::Frames.CallLength;
    if (!Top)
      return Do(ReportFrame{Pc, nullptr});
    for (const SourceFrame *F = &Top->Where; F; F = F->InlinedAt.get())
      Do(ReportFrame{Pc, F});
  });
}

} // namespace heapfence

#endif // HEAPFENCE_REPORT_FRAMES_H
