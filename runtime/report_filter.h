// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which reports are not made: as `suppressions`, `max_reports` and
// `reports_per_minute` say. What is not reported is handled all the same.
// Called from: start-up, signal handler, slow path, exit.

#ifndef HEAPFENCE_REPORT_FILTER_H
#define HEAPFENCE_REPORT_FILTER_H

#include "report.h"

namespace heapfence {

/// Reads the rules of `suppressions`. Requires: called once, before `isWanted`.
void readSuppressions();

/// Judges a report, counts it if it is not to be made, and says when reports
/// begin to be dropped. One of an error that the program cannot survive is
/// always wanted.
/// Thread-safety: by the holder of the report's turn. Signal-safety: as
/// `Suppressions::cover`.
bool isWanted(const Report &R);

/// Says each rule that was never used.
void sayUnusedSuppressions();

} // namespace heapfence

#endif // HEAPFENCE_REPORT_FILTER_H
