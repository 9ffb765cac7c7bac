// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pattern in the memory that an object's pages have besides it. Who changed
// it wrote out of bounds. Pure but for the memory it is given. Called from:
// slow path, tests.

#ifndef HEAPFENCE_CANARY_H
#define HEAPFENCE_CANARY_H

#include <stdint.h>

namespace heapfence {

/// Every word of 8 bytes has a value of its own, of the process's secret and
/// its address (the idea of KFENCE's canary): neither a repeated byte nor a
/// copy from another place looks like it.
class Canary {
public:
  constexpr Canary() = default;
  constexpr explicit Canary(uint64_t Secret) : Secret(Secret) {}

  /// Fills [Begin, End).
  void fill(uintptr_t Begin, uintptr_t End) const;

  /// Returns: the address of the first byte in [Begin, End) that is not as
  /// `fill` left it; `End` if there is none.
  uintptr_t firstChange(uintptr_t Begin, uintptr_t End) const;

  /// Where a word of the pattern has that value: a multiple of 8 if it is one.
  uintptr_t addressOf(uint64_t Value) const;

  /// The pattern of memory that was copied to where it was, plus `Distance`, a
  /// multiple of 8.
  Canary moved(uintptr_t Distance) const;

private:
  uint64_t wordAt(uintptr_t Aligned) const;
  uint8_t byteAt(uintptr_t Address) const;

  uint64_t Secret = 0;
};

} // namespace heapfence

#endif // HEAPFENCE_CANARY_H
