// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Return addresses of a thread's active calls, from its own stack.
// Called from: slow path of sampled allocations, signal handler.

#ifndef HEAPFENCE_UNWIND_H
#define HEAPFENCE_UNWIND_H

#include "arch.h"
#include "stack_bounds.h"

#include <stdint.h>

namespace heapfence {

/// How a stack was obtained.
enum class UnwindMethod : uint8_t { None, FramePointer, Cfi };

/// Follows saved frame pointers. Exact as long as every function keeps one;
/// ends at the first that visibly does not. `Start.Fp` belongs to the function
/// that contains `Start.Pc`.
/// Returns: the number of `Pcs` filled in: `Pcs[0]` is `Start.Pc`, the others
/// are return addresses, innermost first. 0 only if `Max` is 0.
/// Signal-safety: safe; reads `Bounds` only; preserves errno.
/// Cost: about 4 ns a frame.
unsigned unwindFramePointers(FrameRegisters Start, StackBounds Bounds,
                             uintptr_t *Pcs, unsigned Max) noexcept;

/// Unwinds by the call frame information (.eh_frame) of the loaded objects;
/// by the frame pointer where there is none. Continues through signal frames
/// on the interrupted stack. `StartIsFault`: `Start` is the context of a
/// signal, not of a call.
/// Returns: as `unwindFramePointers`. An interrupted instruction further out
/// is given as the address a call there would return to, so that subtracting
/// `arch::Frames.CallLength` is right for all but `Pcs[0]` of a fault.
/// Signal-safety: safe with glibc 2.35 or later; elsewhere a program counter
/// that is not cached may take the dynamic loader's lock. Preserves errno.
/// Cost: about 7 ns a frame whose address is cached, else about 0.15 us. Stack
/// use: 1 KiB.
unsigned unwindCfi(FrameRegisters Start, StackBounds Bounds, bool StartIsFault,
                   uintptr_t *Pcs, unsigned Max) noexcept;

/// The beginning of a walk.
struct PartialWalk {
  unsigned Count;      ///< Of `Pcs`.
  FrameRegisters Rest; ///< Where it goes on; `Pc` is 0 if it does not.
};

/// The same for a call, with at most `MaxLookups` rules that are not cached.
PartialWalk unwindCfiPart(FrameRegisters Start, StackBounds Bounds,
                          uintptr_t *Pcs, unsigned Max,
                          unsigned MaxLookups) noexcept;

struct StackWord;

/// Goes on from `Rest` by the words of its stack that were kept (see
/// stack_excerpt.h). Ends where one is missing.
/// Returns: the number of `Pcs` filled in, the first of which is the caller's.
unsigned unwindExcerpt(FrameRegisters Rest, const StackWord *Words,
                       unsigned WordCount, uintptr_t *Pcs,
                       unsigned Max) noexcept;

/// Forgets what `unwindCfi` has cached by address. To be called when code may
/// have been unmapped. Until then, the caller of code that dlopen put in place
/// of dlclosed code may be sought by the old code's rule: a wrong stack, never
/// a wrong access, because every address is checked before reading from it.
/// Thread-safety: safe; a walk that runs meanwhile brings no old rule back.
/// Signal-safety: safe. Cost: one atomic addition.
void cfiCacheFlush() noexcept;

} // namespace heapfence

#endif // HEAPFENCE_UNWIND_H
