// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds a runtime's control block in the memory of its process.

#ifndef HEAPFENCE_TOOLS_CONTROL_BLOCK_H
#define HEAPFENCE_TOOLS_CONTROL_BLOCK_H

#include "heapfence/control.h"
#include "target_memory.h"

namespace heapfence {

struct FoundControlBlock {
  uint64_t Address;
  ControlBlock Block;
};

/// Returns: nothing if there is none of this tool's version; `Problem` says so.
std::optional<FoundControlBlock> findControlBlock(const TargetMemory &M,
                                                  std::string &Problem);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_CONTROL_BLOCK_H
