// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `heapfence core` and `heapfence describe`: what HeapFence knows of a process
// that ended, by its core file, or of one that runs or is stopped.

#ifndef HEAPFENCE_TOOLS_POST_MORTEM_H
#define HEAPFENCE_TOOLS_POST_MORTEM_H

#include "symbolize.h"

#include <cstdint>
#include <optional>

namespace heapfence {

struct CoreOptions {
  std::string Core;
  std::string Executable;          ///< That the core is of.
  std::optional<uint64_t> Address; ///< To be described; else all is judged.
  SymbolizeOptions Symbolize;
};

/// Prints the report that the process of a core file would have printed of its
/// end, and of what is found beside its objects; or what is at an address.
/// Returns: the exit code: 0, or 1 after saying what went wrong.
int judgeCore(const CoreOptions &Options);

/// Prints what is at `Address` of process `Pid`. Returns: as above.
int describeInProcess(int Pid, uint64_t Address,
                      const SymbolizeOptions &Options);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_POST_MORTEM_H
