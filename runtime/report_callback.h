// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's callback for reports: see heapfence_set_report_callback.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_CALLBACK_H
#define HEAPFENCE_REPORT_CALLBACK_H

#include "report.h"

namespace heapfence {

/// Calls the callback, if there is one, with `R` and its raw `Text`.
/// Requires: the report's turn.
void callBack(const Report &R, Writer &Text);

} // namespace heapfence

#endif // HEAPFENCE_REPORT_CALLBACK_H
