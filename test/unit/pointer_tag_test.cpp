// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a guarded pointer with a tag is taken for one of the heap's,
// or one that is none for a guarded one.

#include "pointer_tag.h"

#include <gtest/gtest.h>

using namespace heapfence;
using namespace heapfence::arch;

namespace {

/// Windows as `Pages::reserve` may choose them: on x86-64 in the second
/// quarter.
constexpr uint64_t X86Bases[] = {uint64_t(1) << 45,
                                 (uint64_t(1) << 45) + (uint64_t(1) << 30),
                                 (uint64_t(1) << 46) - (uint64_t(1) << 30)};
constexpr uint64_t Arm64Bases[] = {uint64_t(16) << 30, uint64_t(1) << 45,
                                   (uint64_t(1) << 46) - (uint64_t(1) << 30)};
constexpr uint64_t Offsets[] = {0, 1, 0x12345670, (uint64_t(1) << 30) - 1};

TEST(PointerTag, Arm64IgnoresTheTopByte) {
  for (uint64_t Base : Arm64Bases)
    for (uint64_t Offset : Offsets)
      for (uint64_t Tag = 0; Tag != 256; ++Tag) {
        const uint64_t Pointer = (Base + Offset) | Tag << 56;
        EXPECT_EQ(arm64WindowOf(Pointer), Base >> WindowLog2);
        EXPECT_EQ(arm64Untagged(Pointer), Base + Offset);
      }
}

TEST(PointerTag, Arm64MteTagsAreOfTheTopByte) {
  for (uint64_t Tag = 0; Tag != 16; ++Tag) {
    const uint64_t Pointer = (Arm64Bases[1] + 64) | Tag << 56;
    EXPECT_EQ(arm64WindowOf(Pointer), Arm64Bases[1] >> WindowLog2);
    EXPECT_EQ(arm64Untagged(Pointer), Arm64Bases[1] + 64);
  }
}

TEST(PointerTag, Arm64TakesNoOtherBitForATag) {
  for (uint64_t Base : Arm64Bases)
    for (unsigned Bit = WindowLog2; Bit != 56; ++Bit) {
      const uint64_t Pointer = Base ^ uint64_t(1) << Bit;
      EXPECT_NE(arm64WindowOf(Pointer), Base >> WindowLog2) << Bit;
      EXPECT_EQ(arm64Untagged(Pointer), Pointer) << Bit;
    }
}

TEST(PointerTag, NoWindowIsThatOfNoPointer) {
  EXPECT_NE(arm64WindowOf(~uint64_t(0)), uint32_t(NoWindow));
  EXPECT_NE(arm64WindowOf(~uint64_t(0) >> 8), uint32_t(NoWindow));
}

/// What ARCH_GET_UNTAG_MASK tells of a process with LAM_U57.
constexpr uint64_t LamU57Mask = ~(uint64_t(0x3f) << 57);

TEST(PointerTag, X86IgnoresWhatLamU57Does) {
  for (uint64_t Base : X86Bases)
    for (uint64_t Offset : Offsets)
      for (uint64_t Tag = 0; Tag != 64; ++Tag) {
        const uint64_t Pointer = (Base + Offset) | Tag << 57;
        EXPECT_EQ(x86WindowOf(Pointer), uint16_t(Base >> WindowLog2));
        EXPECT_EQ(x86Untagged(Pointer, LamU57Mask), Base + Offset);
      }
}

TEST(PointerTag, X86TakesNoOtherBitForATag) {
  for (unsigned Bit : {45, 46, 47, 55, 56, 63}) {
    const uint64_t Pointer = X86Bases[1] ^ uint64_t(1) << Bit;
    EXPECT_EQ(x86Untagged(Pointer, LamU57Mask), Pointer) << Bit;
  }
}

TEST(PointerTag, X86HasNoTagsWithoutLam) {
  for (uint64_t Tag = 0; Tag != 64; ++Tag) {
    const uint64_t Pointer = X86Bases[1] | Tag << 57;
    EXPECT_EQ(x86Untagged(Pointer, ~uint64_t(0)), Pointer);
  }
}

/// A mask that a kernel may tell some day shall not cut off addresses.
TEST(PointerTag, X86KeepsAddressesWhateverTheMask) {
  for (unsigned Bit : {3, 56, 63}) {
    const uint64_t Pointer = X86Bases[1] | uint64_t(1) << Bit;
    EXPECT_EQ(x86Untagged(Pointer, 0), Pointer) << Bit;
  }
}

TEST(PointerTag, X86WindowsDifferBetweenTheTestedBits) {
  for (unsigned Bit = WindowLog2; Bit != X86InsideBit; ++Bit)
    EXPECT_NE(x86WindowOf(X86Bases[0]),
              x86WindowOf(X86Bases[0] ^ uint64_t(1) << Bit))
        << Bit;
}

} // namespace
