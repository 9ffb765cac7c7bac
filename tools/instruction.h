// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an instruction does to memory: core files do not keep what
// the CPU told of a fault.

#ifndef HEAPFENCE_TOOLS_INSTRUCTION_H
#define HEAPFENCE_TOOLS_INSTRUCTION_H

#include "core.h"

#include <vector>

namespace heapfence {

/// How the instruction `Code` begins with, at which `At` is, accessed memory at
/// `Address`.
Access accessOf(const arch::CoreCpu &Cpu, const std::vector<uint8_t> &Code,
                const arch::ThreadStatus &At, uint64_t Address);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_INSTRUCTION_H
