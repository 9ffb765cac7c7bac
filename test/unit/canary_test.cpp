// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a write beside an object goes unseen, or one is seen that
// never was.

#include "canary.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

using namespace heapfence;

namespace {

alignas(16) uint8_t Memory[256];

uintptr_t at(size_t Offset) {
  return reinterpret_cast<uintptr_t>(Memory) + Offset;
}

TEST(Canary, NothingChanged) {
  const Canary C(12345);
  for (size_t Begin = 0; Begin != 20; ++Begin)
    for (size_t End = Begin; End != 60; ++End) {
      C.fill(at(Begin), at(End));
      EXPECT_EQ(C.firstChange(at(Begin), at(End)), at(End));
    }
}

TEST(Canary, FillsNoByteMore) {
  const Canary C(1);
  for (size_t Begin = 1; Begin != 20; ++Begin)
    for (size_t End = Begin; End != 40; ++End) {
      memset(Memory, 0x5a, sizeof(Memory));
      C.fill(at(Begin), at(End));
      EXPECT_EQ(Memory[Begin - 1], 0x5a);
      EXPECT_EQ(Memory[End], 0x5a);
    }
}

TEST(Canary, EveryByteChangedToEveryValue) {
  const Canary C(99);
  constexpr size_t Begin = 3, End = 45;
  C.fill(at(Begin), at(End));
  for (size_t I = Begin; I != End; ++I) {
    const uint8_t Was = Memory[I];
    for (unsigned Value = 0; Value != 256; ++Value) {
      Memory[I] = static_cast<uint8_t>(Value);
      EXPECT_EQ(C.firstChange(at(Begin), at(End)),
                Value == Was ? at(End) : at(I));
    }
    Memory[I] = Was;
  }
}

TEST(Canary, TheFirstOfSeveralChanges) {
  const Canary C(7);
  C.fill(at(0), at(100));
  Memory[90] ^= 1;
  Memory[41] ^= 1;
  EXPECT_EQ(C.firstChange(at(0), at(100)), at(41));
  EXPECT_EQ(C.firstChange(at(42), at(100)), at(90));
}

TEST(Canary, NoPatternOfAProgramLooksLikeIt) {
  const Canary C(0xfeedface);
  C.fill(at(0), at(256));
  // Words differ, so a copy from another place is seen.
  std::set<uint64_t> Words;
  for (size_t I = 0; I != 256; I += 8) {
    uint64_t Word;
    memcpy(&Word, Memory + I, 8);
    Words.insert(Word);
  }
  EXPECT_EQ(Words.size(), 32u);
  for (int Byte : {0, 0xff, 0x41}) {
    memset(Memory + 16, Byte, 16);
    EXPECT_LE(C.firstChange(at(0), at(256)), at(18)) << Byte;
    C.fill(at(0), at(256));
  }
}

TEST(Canary, MovesWithACopy) {
  alignas(8) static unsigned char Copy[256];
  const Canary C(0x1234);
  C.fill(at(0), at(256));
  memcpy(Copy, Memory, 256);
  const auto Begin = reinterpret_cast<uintptr_t>(Copy);
  const Canary Moved = C.moved(Begin - at(0));
  EXPECT_EQ(Moved.firstChange(Begin + 3, Begin + 251), Begin + 251);
  Copy[77] ^= 1;
  EXPECT_EQ(Moved.firstChange(Begin, Begin + 256), Begin + 77);
}

TEST(Canary, DependsOnTheSecret) {
  Canary(1).fill(at(0), at(64));
  EXPECT_LT(Canary(2).firstChange(at(0), at(64)), at(8));
}

TEST(Canary, AValueTellsWhereItWas) {
  alignas(8) uint8_t Bytes[512];
  const uintptr_t Begin = reinterpret_cast<uintptr_t>(Bytes);
  for (uint64_t Secret :
       {uint64_t(0), uint64_t(1), ~uint64_t(0), uint64_t(0x123456789abcdef0)}) {
    const Canary C(Secret);
    C.fill(Begin, Begin + sizeof(Bytes));
    for (size_t I = 0; I != sizeof(Bytes); I += 8) {
      uint64_t Word;
      memcpy(&Word, Bytes + I, sizeof(Word));
      EXPECT_EQ(C.addressOf(Word), Begin + I);
      // Any other is somewhere else.
      EXPECT_NE(C.addressOf(Word + 1), Begin + I);
      EXPECT_GT(C.addressOf(Word ^ 0x10) - Begin, sizeof(Bytes));
    }
  }
}

} // namespace
