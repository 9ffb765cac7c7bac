// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The text of a report, in each style. Writes into a buffer; does not know
// where it goes. Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_H
#define HEAPFENCE_REPORT_H

#include "diagnose.h"
#include "options.h"
#include "pool.h"
#include "writer.h"

namespace heapfence {

inline constexpr unsigned MaxReportFrames = 64;

/// The stack of the thread that made the error.
struct ErrorStack {
  FrameRegisters Registers; ///< At the fault, or as the call returns.
  const Site *Where;        ///< The instrumented call, for the errors of free.
  uint32_t Thread;          ///< N of "thread TN".
  bool IsFault; ///< `Pcs[0]` is the instruction itself, not a return address.
  unsigned Count;
  uintptr_t Pcs[MaxReportFrames];
};

/// Everything a report says.
struct Report {
  Diagnosis Error;
  const Slot *Object;  ///< null if there is none.
  bool IsFreed;        ///< `Object->Release` is valid.
  const Site *FreedAt; ///< Where, if that is known.
  /// The site whose number the report gives; null if it is gone.
  const Site *NumberedSite;
  Changes Changed; ///< For a corruption.
  bool ShowsBytes; ///< Those of `Changed` may be seen.
  /// Those of `Object`, completed.
  Trace Allocation, Release;
  ErrorStack Stack;
  /// True for a return address in code that the pass added: such frames are
  /// left out. Null: there are none.
  bool (*IsHelper)(uintptr_t Pc);
};

/// The raw report in `Style`, but for what `writeSummary` writes: frames as
/// module+offset, the call sites as file:line:column from the site table.
void writeReport(Writer &Out, const Report &R, ReportStyle Style, int Pid);

/// The part of the default report that is about the object: where
/// `Error.Address` lies to it, what was changed, and its stacks.
void writeDescription(Writer &Out, const Report &R);

/// The end of a report that the heapfence tool did not symbolize.
void writeSummary(Writer &Out, const Report &R, ReportStyle Style);

} // namespace heapfence

#endif // HEAPFENCE_REPORT_H
