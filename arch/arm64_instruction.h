// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// arm64: what an instruction does to memory, from its encoding.
// Called from: signal handler, tools.

#ifndef HEAPFENCE_ARCH_ARM64_INSTRUCTION_H
#define HEAPFENCE_ARCH_ARM64_INSTRUCTION_H

#include <stdint.h>

namespace heapfence {
namespace arch {

/// What an instruction does to memory. One that does both changes it in place,
/// but for `IsCopy`, which reads here and writes there.
struct MemoryUse {
  bool Loads = false, Stores = false, IsCopy = false;
};

/// The use of memory by the A64 instruction `Encoding`; none for prefetches,
/// and what is no instruction of loads and stores. On any CPU: a pure function.
/// By the tables of the Arm Architecture Reference Manual, C4.1.
/// Signal-safety: safe.
MemoryUse memoryUseOf(uint32_t Encoding);

/// How many bytes of memory `Encoding` uses; 0: that depends on more than the
/// encoding (on the length of vectors or cache lines), or it uses none.
unsigned accessSizeOf(uint32_t Encoding);

} // namespace arch
} // namespace heapfence

#endif // HEAPFENCE_ARCH_ARM64_INSTRUCTION_H
