// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The text of a report in each style: see report.h. One at a time.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_STYLES_H
#define HEAPFENCE_REPORT_STYLES_H

#include "report_frames.h"

namespace heapfence {

/// HeapFence's own.
void writeDefaultReport(Writer &Out, const Report &R, int Pid);
void writeDefaultSummary(Writer &Out, const Report &R);

/// For programs that look for AddressSanitizer's reports.
void writeAsanReport(Writer &Out, const Report &R, int Pid);
void writeAsanSummary(Writer &Out, const Report &R);

/// After the kernel's KFENCE.
void writeKfenceReport(Writer &Out, const Report &R, int Pid);
void writeKfenceSummary(Writer &Out, const Report &R);

/// The default text with stacks in LLVM's symbolizer markup, after the modules
/// that they are in.
void writeMarkupReport(Writer &Out, const Report &R, int Pid);
void writeMarkupSummary(Writer &Out, const Report &R);

/// Writes the lines of one stack.
using StackPrinter = void (*)(Writer &Out, const Report &R,
                              const ReportStack &Stack);

/// What was changed, and the stacks of the object: of its free, if it is freed,
/// and its allocation. Nothing if there is no object.
void writeHistory(Writer &Out, const Report &R, StackPrinter Print);

/// The default text, with stacks by `Print`.
void writeTextReport(Writer &Out, const Report &R, int Pid, StackPrinter Print);

} // namespace heapfence

#endif // HEAPFENCE_REPORT_STYLES_H
