// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Has the heapfence tool symbolize a report.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_SYMBOLIZER_H
#define HEAPFENCE_SYMBOLIZER_H

#include <stddef.h>

namespace heapfence {

/// Runs `heapfence symbolize --after-raw` on `Report`, its output to `Fd`, and
/// waits for it, at most symbolize_timeout_ms. The child shares our memory
/// until it has become the tool, so nothing is copied; it is no child of ours
/// by then, so the program's own wait calls and SIGCHLD never see it.
/// Returns: true if the tool has written the symbolized report. False if it is
/// switched off, cannot be found or started, failed, or took too long.
/// Signal-safety: safe, by a single thread at a time; preserves errno.
bool symbolizeReport(const char *Report, size_t Size, int Fd);

} // namespace heapfence

#endif // HEAPFENCE_SYMBOLIZER_H
