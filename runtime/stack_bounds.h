// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What may be read of the stack that a pointer points into.
// Called from: slow path of sampled allocations, signal handler.

#ifndef HEAPFENCE_STACK_BOUNDS_H
#define HEAPFENCE_STACK_BOUNDS_H

#include <stdint.h>

namespace heapfence {

/// The part of a stack that an unwinder may read: [Low, High).
struct StackBounds {
  uintptr_t Low;
  uintptr_t High;
  /// Not every page between is known to be readable, so each is tested before
  /// its first use: one system call per page and walk.
  bool NeedsProbe;
  /// It is a copy, which lies this much further on than its addresses say.
  uintptr_t Moved = 0;
};

/// Unit of probing, in bytes. The CPU's pages may be larger, never smaller.
inline constexpr uintptr_t ProbeBytes = 4096;

constexpr uintptr_t probedPage(uintptr_t Address) {
  return Address & ~(ProbeBytes - 1);
}

/// Whether the page of `Address` can be read.
/// Signal-safety: safe; preserves errno. Cost: a system call.
bool isStackReadable(uintptr_t Address) noexcept;

/// The stack that `Sp` points into, from `Sp` up to what is known as its top.
/// Returns: the rest of the calling thread's own stack, every page of it once
/// seen to be readable; or, when `Sp` is somewhere else (alternate signal
/// stack, fiber) or not readable, a window above it that needs probing.
/// Thread-safety: safe. Signal-safety: safe; preserves errno.
/// Cost: a few loads; one system call for each 4 KiB by which the thread's
/// stack is deeper than on all calls before.
StackBounds stackBounds(uintptr_t Sp) noexcept;

} // namespace heapfence

#endif // HEAPFENCE_STACK_BOUNDS_H
