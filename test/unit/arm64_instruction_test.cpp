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

/// Draws encodings that have `Value` in the bits of `Mask`, until LLVM has
/// known `Wanted` of them or it is hopeless, and compares. `Expected`: what is
/// right, from what LLVM says; nothing if that cannot be told.
class Comparison {
public:
  template <typename Function>
  unsigned compare(uint32_t Mask, uint32_t Value, unsigned Wanted,
                   Function Expected) {
    unsigned Known = 0;
    for (unsigned I = 0; I != 200 * Wanted && Known != Wanted; ++I) {
      const uint32_t Encoding = (uint32_t(Random()) & ~Mask) | Value;
      uint8_t Bytes[4];
      for (unsigned B = 0; B != 4; ++B)
        Bytes[B] = uint8_t(Encoding >> 8 * B);
      const auto Told = LLVM.read(Bytes, 0);
      if (!Told)
        continue;
      ++Known;
      Using += Told->Loads || Told->Stores;
      const std::optional<MemoryUse> Right = Expected(*Told);
      const MemoryUse Ours = memoryUseOf(Encoding);
      if (Right && (Ours.Loads != Right->Loads || Ours.Stores != Right->Stores))
        note(Encoding, Told->Name, Ours, *Right);
    }
    return Known;
  }

  ~Comparison() {
    for (const auto &[Name, Line] : Wrong)
      ADD_FAILURE() << Name << ' ' << Line;
  }

  const heapfence::Disassembler LLVM{"aarch64-linux-gnu", "+all"};
  unsigned Using = 0; ///< Those that use memory by what LLVM says.

private:
  void note(uint32_t Encoding, const std::string &Name, MemoryUse Ours,
            MemoryUse Right) {
    char Line[100];
    snprintf(Line, sizeof(Line), "%08x: %d%d, not %d%d", Encoding, Ours.Loads,
             Ours.Stores, Right.Loads, Right.Stores);
    Wrong.emplace(Name, Line);
  }

  std::mt19937 Random{1};
  std::map<std::string, std::string> Wrong; ///< One of each name.
};

using Instruction = heapfence::Disassembler::Instruction;

MemoryUse asTold(const Instruction &I) { return {I.Loads, I.Stores}; }

/// By LLVM's name, where what it says is more than is done to memory.
MemoryUse byName(const Instruction &I) {
  return {I.Name.rfind("LD", 0) == 0, I.Name.rfind("ST", 0) == 0};
}

MemoryUse none(const Instruction &) { return {}; }

struct InstructionClass {
  const char *Name;
  uint32_t Mask, Value;
  unsigned Wanted;
  MemoryUse (*Expected)(const Instruction &);
};

// By the headings of the Arm ARM, C4.1.
constexpr InstructionClass Classes[] = {
    {"Literals", 0x7b000000, 0x18000000, 3000, asTold},
    {"LoadsOfAnOffset", 0x3fc00000, 0x39400000, 3000, asTold},
    {"StoresOfAnOffset", 0x3fc00000, 0x39000000, 3000, asTold},
    {"SignedLoads", 0xbf800000, 0x39800000, 3000, asTold},
    {"VectorsOfAnOffset", 0x3f000000, 0x3d000000, 3000, asTold},
    {"Unscaled", 0xbf600c00, 0x38400000, 3000, asTold},
    {"PreIndexed", 0xbf200c00, 0x38000c00, 3000, asTold},
    {"PostIndexed", 0xbf200c00, 0x38000400, 3000, asTold},
    {"Unprivileged", 0xbf200c00, 0x38000800, 3000, asTold},
    {"RegisterOffset", 0xbf200c00, 0x38200800, 3000, asTold},
    {"Pairs", 0x3e000000, 0x28000000, 3000, asTold},
    {"VectorPairs", 0x3e000000, 0x2c000000, 3000, asTold},
    {"Atomics", 0x3f208c00, 0x38200000, 3000, asTold},
    {"Swaps", 0x3f20fc00, 0x38208000, 3000, asTold},
    {"CompareAndSwap", 0x3fa07c00, 0x08a07c00, 3000, asTold},
    {"CompareAndSwapPairs", 0xbfa07c00, 0x08207c00, 3000, asTold},
    {"Exclusives", 0x3fa00000, 0x08000000, 3000, byName},
    {"ExclusivePairs", 0xbfa00000, 0x88200000, 3000, byName},
    {"Ordered", 0x3fa07c00, 0x08807c00, 3000, byName},
    {"Structures", 0xbfbf0000, 0x0c000000, 3000, asTold},
    {"SingleStructures", 0xbf9f0000, 0x0d000000, 3000, asTold},
    {"SveContiguousLoads", 0xfe00e000, 0xa400a000, 3000, asTold},
    {"SveContiguousStores", 0xfe00e000, 0xe400e000, 3000, asTold},
    {"SveGathers", 0xfe008000, 0xc4008000, 3000,
     [](const Instruction &I) {
       return I.Name.rfind("PRF", 0) == 0 ? MemoryUse{} : asTold(I);
     }},
    {"Prefetches", 0xffc00000, 0xf9800000, 3000, none},
    {"LiteralPrefetches", 0xff000000, 0xd8000000, 3000, none},
    {"SvePrefetches", 0xffc08010, 0x85c00000, 3000, none},
    {"ZeroingOfBlocks", 0xffffffe0, 0xd50b7420, 32,
     [](const Instruction &) { return MemoryUse{false, true}; }},
    {"CacheMaintenance", 0xffffffe0, 0xd50b7a20, 32, none},
};

} // namespace

TEST(Arm64Instruction, AgreesWithLLVMOnEachClass) {
  Comparison C;
  if (!C.LLVM)
    GTEST_SKIP() << "this LLVM has no arm64";
  unsigned Count = 0;
  for (const InstructionClass &Of : Classes) {
    SCOPED_TRACE(Of.Name);
    const unsigned Known = C.compare(Of.Mask, Of.Value, Of.Wanted, Of.Expected);
    EXPECT_EQ(Known, Of.Wanted) << Of.Name;
    Count += Known;
  }
  printf("%u encodings of %zu classes compared\n", Count, std::size(Classes));
}

TEST(Arm64Instruction, AgreesWithLLVM) {
  Comparison C;
  if (!C.LLVM)
    GTEST_SKIP() << "this LLVM has no arm64";
  auto Expected = [](const Instruction &I) -> std::optional<MemoryUse> {
    if (isOfOtherMeaning(I.Name))
      return std::nullopt;
    return asTold(I);
  };
  // All; those that load and store; those of SVE.
  unsigned Count = C.compare(0, 0, 1'000'000, Expected);
  Count += C.compare(0x0a000000, 0x08000000, 1'000'000, Expected);
  Count += C.compare(0x9e000000, 0x84000000, 1'000'000, Expected);
  printf("%u encodings compared, of which %u use memory\n", Count, C.Using);
  EXPECT_EQ(Count, 3'000'000u);
  EXPECT_GT(C.Using, 100'000u);
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

TEST(Arm64Instruction, TellsTheSize) {
  struct {
    uint32_t Encoding;
    unsigned Size;
    const char *Text;
  } constexpr Cases[] = {
      {0x39400020, 1, "ldrb w0, [x1]"},
      {0x38a26820, 1, "ldrsb x0, [x1, x2]"},
      {0x78002c20, 2, "strh w0, [x1, #2]!"},
      {0xb8804420, 4, "ldrsw x0, [x1], #4"},
      {0xf9400420, 8, "ldr x0, [x1, #8]"},
      {0xf81f8020, 8, "stur x0, [x1, #-8]"},
      {0xf8400820, 8, "ldtr x0, [x1]"},
      {0x3d400020, 1, "ldr b0, [x1]"},
      {0x7d000020, 2, "str h0, [x1]"},
      {0x3dc00020, 16, "ldr q0, [x1]"},
      {0x3c9fd020, 16, "stur q0, [x1, #-3]"},
      {0xfc627820, 8, "ldr d0, [x1, x2, lsl #3]"},
      {0x18008000, 4, "ldr w0, 4096"},
      {0x58008000, 8, "ldr x0, 4096"},
      {0x98008000, 4, "ldrsw x0, 4096"},
      {0x9c008000, 16, "ldr q0, 4096"},
      {0x29400820, 8, "ldp w0, w2, [x1]"},
      {0x69400820, 8, "ldpsw x0, x2, [x1]"},
      {0xa9bf0820, 16, "stp x0, x2, [x1, #-16]!"},
      {0x69000820, 16, "stgp x0, x2, [x1]"},
      {0x2d400420, 8, "ldp s0, s1, [x1]"},
      {0xac000420, 32, "stnp q0, q1, [x1]"},
      {0xc85f7c20, 8, "ldxr x0, [x1]"},
      {0x0800fc22, 1, "stlxrb w0, w2, [x1]"},
      {0xc87f8820, 16, "ldaxp x0, x2, [x1]"},
      {0x88230820, 8, "stxp w3, w0, w2, [x1]"},
      {0x88dffc20, 4, "ldar w0, [x1]"},
      {0xc8a07c22, 8, "cas x0, x2, [x1]"},
      {0x08207c82, 8, "casp w0, w1, w2, w3, [x4]"},
      {0x4860fc82, 16, "caspal x0, x1, x2, x3, [x4]"},
      {0x38200022, 1, "ldaddb w0, w2, [x1]"},
      {0xf8e08022, 8, "swpal x0, x2, [x1]"},
      {0xf8bfc020, 8, "ldapr x0, [x1]"},
      {0x99404020, 4, "ldapur w0, [x1, #4]"},
      {0xf8200420, 8, "ldraa x0, [x1]"},
      {0xf83fd100, 64, "ld64b x0, [x8]"},
      {0x4c407020, 16, "ld1 {v0.16b}, [x1]"},
      {0x0c407020, 8, "ld1 {v0.8b}, [x1]"},
      {0x4c002820, 64, "st1 {v0.4s-v3.4s}, [x1]"},
      {0x4c404c20, 48, "ld3 {v0.2d-v2.2d}, [x1]"},
      {0x0c004420, 24, "st3 {v0.4h-v2.4h}, [x1]"},
      {0x0d400c20, 1, "ld1 {v0.b}[3], [x1]"},
      {0x0d605820, 4, "ld2 {v0.h-v1.h}[3], [x1]"},
      {0x0d00b020, 12, "st3 {v0.s-v2.s}[1], [x1]"},
      {0x4d60a420, 32, "ld4 {v0.d-v3.d}[1], [x1]"},
      {0x4d40c820, 4, "ld1r {v0.4s}, [x1]"},
      {0x4d60cc20, 16, "ld2r {v0.2d-v1.2d}, [x1]"},
      {0xa540a020, 0, "ld1w {z0.s}, p0/z, [x1]"},
      {0xd50b7420, 0, "dc zva, x0"},
      {0xf9800020, 0, "prfm pldl1keep, [x1]"},
      {0x8b020020, 0, "add x0, x1, x2"},
  };
  for (const auto &C : Cases)
    EXPECT_EQ(accessSizeOf(C.Encoding), C.Size) << C.Text;
}
