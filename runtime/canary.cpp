// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pattern around objects.

#include "canary.h"

namespace heapfence {

namespace {

constexpr uintptr_t WordSize = sizeof(uint64_t);

/// The pattern is linear in the address, so that compilers use vectors. Odd: no
/// two words of a pool are alike.
constexpr uint64_t PerByte = 0x9e3779b97f4a7c15, PerWord = PerByte * WordSize;

/// The number whose product with `Odd` is 1: each step doubles the bits that
/// are right, of which an odd number itself has 3.
constexpr uint64_t inverseOf(uint64_t Odd) {
  uint64_t Inverse = Odd;
  for (int Bits = 3; Bits < 64; Bits *= 2)
    Inverse *= 2 - Odd * Inverse;
  return Inverse;
}
static_assert(PerByte * inverseOf(PerByte) == 1);

/// Objects and their neighbours may have any type.
typedef uint64_t __attribute__((may_alias)) AnyWord;

bool isAligned(uintptr_t Address) { return Address % WordSize == 0; }

} // namespace

uint64_t Canary::wordAt(uintptr_t Aligned) const {
  return Secret + Aligned * PerByte;
}

uint8_t Canary::byteAt(uintptr_t Address) const {
  // As the word lies in memory, least byte first on both CPUs.
  uintptr_t Nth = Address % WordSize;
  return static_cast<uint8_t>(wordAt(Address - Nth) >> (8 * Nth));
}

uintptr_t Canary::addressOf(uint64_t Value) const {
  return (Value - Secret) * inverseOf(PerByte);
}

Canary Canary::moved(uintptr_t Distance) const {
  return Canary(Secret - Distance * PerByte);
}

void Canary::fill(uintptr_t Begin, uintptr_t End) const {
  for (; Begin != End && !isAligned(Begin); ++Begin)
    *reinterpret_cast<uint8_t *>(Begin) = byteAt(Begin);
  uint64_t Word = wordAt(Begin);
  for (; End - Begin >= WordSize; Begin += WordSize, Word += PerWord)
    *reinterpret_cast<AnyWord *>(Begin) = Word;
  for (; Begin != End; ++Begin)
    *reinterpret_cast<uint8_t *>(Begin) = byteAt(Begin);
}

uintptr_t Canary::firstChange(uintptr_t Begin, uintptr_t End) const {
  auto IsChanged = [this](uintptr_t Address) {
    return *reinterpret_cast<const uint8_t *>(Address) != byteAt(Address);
  };
  for (; Begin != End && !isAligned(Begin); ++Begin)
    if (IsChanged(Begin))
      return Begin;
  constexpr uintptr_t Together = 16;
  for (; End - Begin >= Together * WordSize; Begin += Together * WordSize) {
    uint64_t Word = wordAt(Begin), Changes = 0;
    for (uintptr_t I = 0; I != Together; ++I, Word += PerWord)
      Changes |= reinterpret_cast<const AnyWord *>(Begin)[I] ^ Word;
    if (Changes)
      break;
  }
  while (End - Begin >= WordSize &&
         *reinterpret_cast<const AnyWord *>(Begin) == wordAt(Begin))
    Begin += WordSize;
  while (Begin != End && !IsChanged(Begin))
    ++Begin;
  return Begin;
}

} // namespace heapfence
