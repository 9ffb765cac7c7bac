// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The words of a stack that may be return addresses or saved frame pointers:
// kept instead of a stack whose unwinding would take long, which is then done
// for a report only.
// Called from: slow path, signal handler.

#ifndef HEAPFENCE_STACK_EXCERPT_H
#define HEAPFENCE_STACK_EXCERPT_H

#include "sync.h"
#include "unwind.h"

#include <stddef.h>

namespace heapfence {

/// Two ranges of addresses with all code of the process in them, and little
/// else: the executable, and the shared objects.
struct CodeRanges {
  struct Range {
    uintptr_t Begin = 0;
    size_t Size = 0;
  } Executable, Objects;

  bool contains(uintptr_t Address) const {
    // No branch: a stack is a random sequence of both.
    return (Address - Executable.Begin < Executable.Size) |
           (Address - Objects.Begin < Objects.Size);
  }
};

/// The ranges of what was loaded when it was last asked to look.
class KnownCode {
public:
  /// Thread-safety: safe; takes the dynamic loader's lock. Signal-safety:
  /// unsafe. Cost: some microseconds.
  void look();
  /// While another thread looks, a mixture of old and new ends.
  /// Thread-safety: safe. Signal-safety: safe.
  CodeRanges ranges() const {
    return {{Executable.Begin.loadRelaxed(), Executable.Size.loadRelaxed()},
            {Objects.Begin.loadRelaxed(), Objects.Size.loadRelaxed()}};
  }

private:
  struct {
    Atomic<uintptr_t> Begin;
    Atomic<size_t> Size;
  } Executable, Objects;
};

/// A word of a stack with its place, in 64 bits: addresses of code have 48.
struct StackWord {
  uint64_t Bits;

  static constexpr unsigned ValueBits = 48;
  static constexpr uint64_t MaxValue = (uint64_t(1) << ValueBits) - 1;
  /// In words above the stack pointer.
  uint64_t offset() const { return Bits >> ValueBits; }
  uintptr_t value() const { return Bits & MaxValue; }
};

/// How far above the stack pointer an excerpt reaches, in words.
inline constexpr size_t ExcerptDepth = 96;

/// Fills `Words`, of `Max`, with those above `Bounds.Low` that lie in `Code` or
/// a little further up the stack, lowest first, as far as there is room.
/// Nothing if the stack is not known to be readable. Returns: their number.
/// Thread-safety: for the calling thread's stack. Signal-safety: safe. Cost:
/// less than 1 us.
unsigned excerptStack(StackBounds Bounds, const CodeRanges &Code,
                      StackWord *Words, unsigned Max);

} // namespace heapfence

#endif // HEAPFENCE_STACK_EXCERPT_H
