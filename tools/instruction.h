// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an instruction does to memory. Neither core files nor reports keep all
// that the CPU told of a fault.

#ifndef HEAPFENCE_TOOLS_INSTRUCTION_H
#define HEAPFENCE_TOOLS_INSTRUCTION_H

#include "core.h"

#include "llvm/ADT/ArrayRef.h"

namespace heapfence {

/// How the instruction `Code` begins with, at which `At` is, accessed memory at
/// `Address`.
Access accessOf(const arch::CoreCpu &Cpu, llvm::ArrayRef<uint8_t> Code,
                const arch::ThreadStatus &At, uint64_t Address);

/// The memory that the instruction `Code` begins with accessed, when it faulted
/// at `Address`. `At`: the registers; null if they are not known.
/// Returns: nothing if that cannot be told. `Begin` is never known without
/// registers.
std::optional<arch::MemoryOperand> operandAt(const arch::CoreCpu &Cpu,
                                             llvm::ArrayRef<uint8_t> Code,
                                             const arch::ThreadStatus *At,
                                             uint64_t Address);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_INSTRUCTION_H
