// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bits of a pointer that a CPU ignores, where programs keep tags. Pure
// address arithmetic, for either CPU on any.
// Called from: fast path, slow path, tests.

#ifndef HEAPFENCE_ARCH_POINTER_TAG_H
#define HEAPFENCE_ARCH_POINTER_TAG_H

#include "heapfence/abi.h"

#include <stdint.h>

namespace heapfence {
namespace arch {

/// arm64: the top byte, in each process (TBI). The tags of MTE, which the CPU
/// compares with those of the memory if that has any, are the lower half of it.
inline constexpr uint64_t Arm64TagBits = ~uint64_t(0) << Arm64AddressBits;

/// x86-64: what LAM_U57 takes, the only form of LAM that Linux has; in the
/// processes that ask for it.
inline constexpr uint64_t X86TagBits = uint64_t(0x3f) << 57;

/// See `arch::windowOf`. That bits 47 to 55 are clear is tested too.
constexpr uint32_t arm64WindowOf(uint64_t Pointer) {
  return static_cast<uint32_t>((Pointer & ~Arm64TagBits) >> WindowLog2);
}

/// The same: of a pointer with a clear and a set bit as in abi.h the 16 bits
/// that are left, and nothing else. So those above 46 may be anything.
constexpr uint16_t x86WindowOf(uint64_t Pointer) {
  return static_cast<uint16_t>(Pointer >> WindowLog2);
}
static_assert(WindowLog2 + 16 == X86OutsideBit);

/// `Pointer` on x86-64, in a process of which the kernel says that `UntagMask`
/// is what is left of pointers (ARCH_GET_UNTAG_MASK).
constexpr uint64_t x86Untagged(uint64_t Pointer, uint64_t UntagMask) {
  return Pointer & (UntagMask | ~X86TagBits);
}

constexpr uint64_t arm64Untagged(uint64_t Pointer) {
  return Pointer & ~Arm64TagBits;
}

} // namespace arch
} // namespace heapfence

#endif // HEAPFENCE_ARCH_POINTER_TAG_H
