// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report for machines: one line of JSON, from the same record as the text.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_JSON_H
#define HEAPFENCE_REPORT_JSON_H

#include "report.h"

namespace heapfence {

/// Writes `R` as one line with its end, by the schema "heapfence-report/1"
/// (docs/report-format.md). `TimeMs`: since 1970. Where there is no room for
/// all frames, leaves out the outermost of each stack and says so: the line is
/// whole as long as there is room for some 8 KiB.
void writeReportJson(Writer &Out, const Report &R, int Pid, uint64_t TimeMs);

} // namespace heapfence

#endif // HEAPFENCE_REPORT_JSON_H
