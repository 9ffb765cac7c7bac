// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where reports go: one at a time, to the log, through the symbolizer, and
// what happens to the program then.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORTER_H
#define HEAPFENCE_REPORTER_H

#include "report.h"

namespace heapfence {

/// The right to report: one thread at a time has it, and asynchronous signals
/// wait while it does.
/// Signal-safety: safe; a thread that is already reporting is refused at once,
/// others wait at most as long as a report can take.
class ReportTurn {
public:
  ReportTurn();
  ~ReportTurn();
  ReportTurn(const ReportTurn &) = delete;

  bool isMine() const { return IsMine; }
  /// True also within a turn that the thread has already.
  bool isThreads() const { return IsMine || WasReporting; }
  /// To be filled in by its holder. Static storage: reports are large.
  Report &report();

private:
  bool IsMine;
  bool WasReporting;
  unsigned long SavedMask[16];
};

/// Writes the report of the turn's holder, has it symbolized, and ends the
/// program if `on_error` says so; nothing of that if it is not wanted.
void emitReport(const Report &R);

/// One line of our own to the log, led by "==PID==HeapFence: ".
void sayLine(const char *Text);

/// Text that is complete as it is, to the log.
void sayRaw(const char *Data, size_t Size);

/// Notes which file standard error is. Call it once, at start.
void rememberLog();

} // namespace heapfence

#endif // HEAPFENCE_REPORTER_H
