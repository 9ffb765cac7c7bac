// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `heapfence stat` and `heapfence set`: a running process of the same user,
// through its own memory.

#ifndef HEAPFENCE_TOOLS_PROCESS_H
#define HEAPFENCE_TOOLS_PROCESS_H

#include <string>
#include <vector>

namespace heapfence {

/// Prints what the runtime in process `Pid` is set to and has done, one
/// `name value` pair a line; times in ms.
/// Returns: the exit code: 0, or 1 after saying what went wrong.
int showProcess(int Pid);

/// Turns knobs of the runtime in process `Pid`. `Changes`: name=value, of
/// enabled, budget_percent, sample_every, sample_interval_ms and burst; values
/// as in HEAPFENCE_OPTIONS. All or none is done. The process follows when one
/// of its threads next comes to look, at the latest after some ten thousand
/// allocations.
/// Returns: as above.
int changeProcess(int Pid, const std::vector<std::string> &Changes);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_PROCESS_H
