// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The classes of arm64 instructions against LLVM's disassembler.

#include "arm64_instruction.h"
#include "disassembler.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

using namespace heapfence::arch;

namespace {

/// Where LLVM means something else: an order that is to be kept, a register
/// that is not named, or nothing known.
bool isOfOtherMeaning(const std::string &Name) {
  for (const char *Beginning :
       {// Exclusives, of which each does one thing.
        "LDXR", "LDAXR", "LDXP", "LDAXP", "STXR", "STLXR", "STXP", "STLXP",
        "STLTXR", "LDATXR",
        // Prefetches.
        "PRF",
        // Of numbers of 8 bits, by a register of their format; look-up tables.
        "FDOT", "FMLAL", "FMMLA", "FCVTN", "F1CVT", "F2CVT", "BF1CVT", "BF2CVT",
        "FVDOT", "FMOPA", "FCVT_Z", "BFCVT", "LUTI", "EXTRACT", "MOVA",
        // Atomic ones of new versions; stores to the guarded control stack.
        "LDTADD", "LDTCLR", "LDTSET", "LDTXR", "SWPT", "GCSSTR", "GCSSTTR",
        "HINT", "RDFFR",
        // Rows of the array.
        "ST1_MX"})
    if (Name.rfind(Beginning, 0) == 0)
      return true;
  return false;
}

} // namespace

TEST(Arm64Instruction, AgreesWithLLVM) {
  const heapfence::Disassembler LLVM("aarch64-linux-gnu", "+all");
  if (!LLVM)
    GTEST_SKIP() << "this LLVM has no arm64";
  std::mt19937 Random(1);
  std::map<std::string, std::string> Wrong;
  unsigned Compared = 0, Using = 0;
  while (Compared != 3'000'000) {
    uint32_t Encoding = Random();
    // Of two thirds the bits that make it a load or store, or of SVE.
    if (unsigned Kind = Random() % 3; Kind == 1)
      Encoding = (Encoding & ~0x0a000000u) | 0x08000000;
    else if (Kind == 2)
      Encoding = (Encoding & ~0x1e000000u) | 0x84000000;
    uint8_t Bytes[4];
    for (unsigned I = 0; I != 4; ++I)
      Bytes[I] = uint8_t(Encoding >> 8 * I);
    const auto Right = LLVM.read(Bytes, 0);
    if (!Right)
      continue;
    ++Compared;
    Using += Right->Loads || Right->Stores;
    const MemoryUse Told = memoryUseOf(Encoding);
    if ((Told.Loads == Right->Loads && Told.Stores == Right->Stores) ||
        isOfOtherMeaning(Right->Name))
      continue;
    char Line[100];
    snprintf(Line, sizeof(Line), "%08x: %d%d, LLVM %d%d", Encoding, Told.Loads,
             Told.Stores, Right->Loads, Right->Stores);
    Wrong.emplace(Right->Name, Line);
  }
  EXPECT_GT(Using, 100'000u);
  for (const auto &[Name, Line] : Wrong)
    ADD_FAILURE() << Name << ' ' << Line;
}

/// What `isOfOtherMeaning` leaves out, and what LLVM says nothing of.
TEST(Arm64Instruction, WhereLLVMMeansSomethingElse) {
  struct {
    uint32_t Encoding;
    bool Loads, Stores;
    const char *Text;
  } constexpr Cases[] = {
      {0xf9800000, false, false, "prfm pldl1keep, [x0]"},
      {0xf8a16800, false, false, "prfm pldl1keep, [x0, x1]"},
      {0xf89f8000, false, false, "prfum pldl1keep, [x0, #-8]"},
      {0xd8008000, false, false, "prfm pldl1keep, 4096"},
      {0x85c00000, false, false, "prfb pldl1keep, p0, [x0]"},
      {0x8400e000, false, false, "prfb pldl1keep, p0, [z0.s]"},
      {0x8481c000, false, false, "prfh pldl1keep, p0, [x0, x1, lsl #1]"},
      {0xc500e000, false, false, "prfw pldl1keep, p0, [z0.d]"},
      {0xc85f7c20, true, false, "ldxr x0, [x1]"},
      {0xc87f8820, true, false, "ldaxp x0, x2, [x1]"},
      {0xc8007c22, false, true, "stxr w0, x2, [x1]"},
      {0xc8208c22, false, true, "stlxp w0, x2, x3, [x1]"},
      {0xd50b7420, false, true, "dc zva, x0"},
      {0xd50b7460, false, true, "dc gva, x0"},
      {0xd50b7480, false, true, "dc gzva, x0"},
      {0xd50b7a20, false, false, "dc cvac, x0"},
      {0xd91f0c20, false, true, "gcsstr x0, [x1]"},
      {0x19c20420, false, true, "setp [x0]!, x1!, x2"},
      {0xc95f7c20, true, false, "ldtxr x0, [x1]"},
      {0x59208441, true, true, "swpt x0, x1, [x2]"},
      {0xe03f0000, false, true, "st1b {za0h.b[w12, 0]}, p0, [x0]"},
      {0xd503201f, false, false, "nop"},
      {0x8b020020, false, false, "add x0, x1, x2"},
  };
  for (const auto &C : Cases) {
    const MemoryUse Told = memoryUseOf(C.Encoding);
    EXPECT_EQ(Told.Loads, C.Loads) << C.Text;
    EXPECT_EQ(Told.Stores, C.Stores) << C.Text;
    EXPECT_FALSE(Told.IsCopy) << C.Text;
  }
  EXPECT_TRUE(memoryUseOf(0x19010440).IsCopy) << "cpyfp [x0]!, [x1]!, x2!";
}
