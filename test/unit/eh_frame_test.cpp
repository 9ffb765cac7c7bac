// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, stacks are wrong or a damaged object crashes the program:
// call frame information must be read as compilers, linkers and assembler
// programmers write it, and nothing outside of the tables may be read,
// whatever is in them. (Run it with AddressSanitizer to see the latter.)

#include "eh_frame.h"

#include "arch.h"

#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t Sp = arch::Frames.DwarfSp, Fp = arch::Frames.DwarfFp,
                  Pc = arch::Frames.DwarfPc;
constexpr uint8_t Breg = 0x70, Offset = 0x80, Advance = 0x40, Restore = 0xc0;

/// One function of `Size` bytes with its tables, as a linker lays them out.
class Object {
public:
  std::string Augmentation = "zR";
  Bytes AugmentationData = {0x1b}; // pcrel sdata4
  uint8_t Version = 1;
  uint8_t PcRegister = Pc;
  uint8_t TableEncoding = 0x3b;
  /// x86-64's: CFA = Sp + 8, return address at CFA - 8.
  Bytes CommonProgram = {0x0c, Sp, 8, Offset | Pc, 1};
  Bytes Program;
  static constexpr unsigned Size = 64;

  Bytes tables() const {
    Bytes Common = {0, 0, 0, 0, Version};
    Common.insert(Common.end(), Augmentation.begin(), Augmentation.end());
    append(Common, {0, /*CodeAlign=*/1, /*DataAlign=*/0x78, PcRegister});
    if (!Augmentation.empty()) {
      Common.push_back(static_cast<uint8_t>(AugmentationData.size()));
      append(Common, AugmentationData);
    }
    append(Common, CommonProgram);

    Bytes All = {1, 0x1b, 0x03, TableEncoding};
    appendInt(All, 0); // .eh_frame's address, which nobody needs
    appendInt(All, 1); // one entry
    appendInt(All, Function);
    appendInt(All, HeaderSize + 4 + static_cast<uint32_t>(Common.size()));
    appendInt(All, static_cast<uint32_t>(Common.size()));
    append(All, Common);

    Bytes Fde;
    appendInt(Fde, 4 + static_cast<uint32_t>(Common.size()) + 4);
    appendInt(Fde, Function - static_cast<uint32_t>(All.size() + 8));
    appendInt(Fde, Size);
    Fde.push_back(0); // no augmentation data
    append(Fde, Program);
    appendInt(All, static_cast<uint32_t>(Fde.size()));
    append(All, Fde);
    return All;
  }

  /// The rule `At` bytes into the function.
  FrameRule ruleAt(unsigned At) const { return ruleIn(tables(), At); }

  /// The same from tables that were tampered with. The copy on the heap ends
  /// where the tables end.
  static FrameRule ruleIn(const Bytes &Tables, unsigned At) {
    const auto Copy = std::make_unique<uint8_t[]>(Tables.size());
    std::copy(Tables.begin(), Tables.end(), Copy.get());
    const auto Low = reinterpret_cast<uintptr_t>(Copy.get());
    return findFrameRule({Low, Low, Low + Tables.size()}, Low + Function + At);
  }

private:
  /// Where the function is, relative to the tables. Nobody looks at its code.
  static constexpr uint32_t Function = 0x10000;
  static constexpr uint32_t HeaderSize = 20;

  static void append(Bytes &To, const Bytes &What) {
    To.insert(To.end(), What.begin(), What.end());
  }
  static void appendInt(Bytes &To, uint32_t Value) {
    uint8_t Raw[sizeof(Value)];
    memcpy(Raw, &Value, sizeof(Value));
    To.insert(To.end(), Raw, Raw + sizeof(Value));
  }
};

/// A rule in words, so that a test states its expectation in one line.
std::string text(FrameRule Rule) {
  switch (Rule.kind()) {
  case FrameKind::None:
    return "none";
  case FrameKind::Signal:
    return "signal";
  case FrameKind::End:
    return "end";
  case FrameKind::Call:
    break;
  }
  const auto Plus = [](int64_t Value) {
    return Value == 0  ? std::string()
           : Value < 0 ? std::to_string(Value)
                       : "+" + std::to_string(Value);
  };
  std::string Cfa = Rule.CfaUsesFp ? "fp" : "sp";
  Cfa += Plus(Rule.CfaOffset);
  if (Rule.CfaIsLoaded)
    Cfa = "*(" + Cfa + ")" + Plus(Rule.CfaWords * 8);
  const std::string At = Plus(Rule.FpWords * 8);
  const std::string CallerFp[] = {"same", "*(cfa" + At + ")", "*(fp" + At + ")",
                                  "lost"};
  return "cfa=" + Cfa + " pc=" +
         (Rule.PcIsInLr ? "lr" : "*(cfa" + Plus(Rule.PcWords * 8) + ")") +
         " fp=" + CallerFp[Rule.FpBits];
}

std::string ruleAfter(Bytes Program, unsigned At = 0) {
  Object O;
  O.Program = std::move(Program);
  return text(O.ruleAt(At));
}

TEST(EhFrame, FollowsAPrologueInstructionByInstruction) {
  Object O;
  // push fp; mov fp, sp; ...; pop fp; ret; and a second exit after it
  O.Program = {
      Advance | 1, 0x0e, 16,   Offset | Fp, 2, Advance | 3,  0x0d,        Fp,
      Advance | 9, 0x0a, 0x0c, Sp,          8, Restore | Fp, Advance | 1, 0x0b};
  EXPECT_EQ(text(O.ruleAt(0)), "cfa=sp+8 pc=*(cfa-8) fp=same");
  EXPECT_EQ(text(O.ruleAt(1)), "cfa=sp+16 pc=*(cfa-8) fp=*(cfa-16)");
  EXPECT_EQ(text(O.ruleAt(3)), "cfa=sp+16 pc=*(cfa-8) fp=*(cfa-16)");
  EXPECT_EQ(text(O.ruleAt(4)), "cfa=fp+16 pc=*(cfa-8) fp=*(cfa-16)");
  EXPECT_EQ(text(O.ruleAt(13)), "cfa=sp+8 pc=*(cfa-8) fp=same");
  EXPECT_EQ(text(O.ruleAt(14)), "cfa=fp+16 pc=*(cfa-8) fp=*(cfa-16)");
  EXPECT_EQ(text(O.ruleAt(Object::Size - 1)), text(O.ruleAt(14)));
}

TEST(EhFrame, KnowsTheEndsOfTheFunction) {
  Object O;
  EXPECT_EQ(text(O.ruleAt(Object::Size)), "none");
  EXPECT_EQ(text(O.ruleAt(~0u)), "none");
}

TEST(EhFrame, AdvancesByAllWidths) {
  EXPECT_EQ(ruleAfter({0x02, 5, 0x0e, 16}, 4), "cfa=sp+8 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x02, 5, 0x0e, 16}, 5), "cfa=sp+16 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x03, 6, 0, 0x0e, 16}, 6),
            "cfa=sp+16 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x04, 7, 0, 0, 0, 0x0e, 16}, 7),
            "cfa=sp+16 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x04, 0, 0, 0, 1, 0x0e, 16}, 7),
            "cfa=sp+8 pc=*(cfa-8) fp=same");
}

TEST(EhFrame, ReadsLargeAndSignedOffsets) {
  EXPECT_EQ(ruleAfter({0x0e, 0x80, 0x80, 0x40}),
            "cfa=sp+1048576 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x12, Sp, 0x7e}), "cfa=sp+16 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x13, 0x7d}), "cfa=sp+24 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x05, Fp, 2}), "cfa=sp+8 pc=*(cfa-8) fp=*(cfa-16)");
  EXPECT_EQ(ruleAfter({0x11, Fp, 0x7f}), "cfa=sp+8 pc=*(cfa-8) fp=*(cfa+8)");
  EXPECT_EQ(ruleAfter({0x2f, Fp, 1}), "cfa=sp+8 pc=*(cfa-8) fp=*(cfa+8)");
}

TEST(EhFrame, IgnoresOtherRegisters) {
  EXPECT_EQ(
      ruleAfter({Offset | 3, 2,    0x05, 15,   3,    0x07, 12,   0x08,       13,
                 0x09,       14,   3,    0x14, 1,    2,    0x10, 2,          1,
                 0x30,       0x16, 2,    1,    0x30, 0x2e, 16,   Restore | 3}),
      "cfa=sp+8 pc=*(cfa-8) fp=same");
}

TEST(EhFrame, TellsWhenTheFramePointerIsLost) {
  const char *Expected = "cfa=sp+8 pc=*(cfa-8) fp=lost";
  EXPECT_EQ(ruleAfter({0x07, Fp}), Expected);    // undefined
  EXPECT_EQ(ruleAfter({0x09, Fp, 3}), Expected); // in another register
  EXPECT_EQ(ruleAfter({0x14, Fp, 1}), Expected); // CFA + 8 itself
  EXPECT_EQ(ruleAfter({0x16, Fp, 1, 0x30}), Expected);
  EXPECT_EQ(ruleAfter({0x10, Fp, 1, 0x30}), Expected);
  EXPECT_EQ(ruleAfter({0x06, Fp}), "cfa=sp+8 pc=*(cfa-8) fp=same");
  EXPECT_EQ(ruleAfter({0x07, Fp, 0x08, Fp}), "cfa=sp+8 pc=*(cfa-8) fp=same");
}

TEST(EhFrame, EndsTheStackWhereTheReturnAddressIsUndefined) {
  EXPECT_EQ(ruleAfter({0x07, Pc}), "end");
}

TEST(EhFrame, FindsTheReturnAddressInTheLinkRegister) {
  Object O;
  O.CommonProgram = {0x0c, Sp, 0}; // arm64's
  O.Program = {0x2d, Advance | 4, 0x0e, 32, Offset | Fp, 4, Offset | Pc, 3};
  EXPECT_EQ(text(O.ruleAt(0)), "cfa=sp pc=lr fp=same");
  EXPECT_EQ(text(O.ruleAt(4)), "cfa=sp+32 pc=*(cfa-24) fp=*(cfa-32)");
}

TEST(EhFrame, FollowsRealignedFramesOfGcc) {
  EXPECT_EQ(
      ruleAfter({0x0f, 3, Breg + Fp, 0x78, 0x06, 0x10, Fp, 2, Breg + Fp, 0}),
      "cfa=*(fp-8) pc=*(cfa-8) fp=*(fp)");
}

TEST(EhFrame, FollowsAStackPointerParkedInMemory) {
  EXPECT_EQ(ruleAfter({0x0f, 6, Breg + Sp, 0x98, 1, 0x06, 0x23, 8}),
            "cfa=*(sp+152)+8 pc=*(cfa-8) fp=same");
}

TEST(EhFrame, FollowsProcedureLinkageTables) {
  if (arch::Frames.DwarfPc != 16)
    GTEST_SKIP() << "only x86-64 describes them";
  // sp + 8 + ((pc & 15) >= 11) * 8
  // sp + 8 + ((pc & 15) >= 11) * 8; the function is aligned.
  Object O;
  O.Program = {0x0f, 11,   Breg + Sp, 8,    Breg + Pc, 0,   0x3f,
               0x1a, 0x3b, 0x2a,      0x33, 0x24,      0x22};
  for (unsigned At = 0; At != 32; ++At)
    EXPECT_EQ(text(O.ruleAt(At)), At % 16 >= 11
                                      ? "cfa=sp+16 pc=*(cfa-8) fp=same"
                                      : "cfa=sp+8 pc=*(cfa-8) fp=same");
}

TEST(EhFrame, RecognisesSignalFrames) {
  Object O;
  O.Augmentation = "zRS";
  EXPECT_EQ(text(O.ruleAt(0)), "signal");
}

TEST(EhFrame, ReadsAllAugmentations) {
  const char *Expected = "cfa=sp+8 pc=*(cfa-8) fp=same";
  Object O;
  O.Augmentation = "zPLR";
  O.AugmentationData = {0x9b, 1, 2, 3, 4, 0x1b, 0x1b};
  EXPECT_EQ(text(O.ruleAt(0)), Expected);
  O.Augmentation = "zRB";
  O.AugmentationData = {0x1b};
  EXPECT_EQ(text(O.ruleAt(0)), Expected);
  O.Version = 3;
  EXPECT_EQ(text(O.ruleAt(0)), Expected);
}

TEST(EhFrame, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ruleAfter({0x3c}), "none");         // vendor's instruction
  EXPECT_EQ(ruleAfter({0x0b}), "none");         // restore of nothing
  EXPECT_EQ(ruleAfter(Bytes(9, 0x0a)), "none"); // nested too deeply
  EXPECT_EQ(ruleAfter({0x0d, 3}), "none");      // CFA by a lost register
  EXPECT_EQ(ruleAfter({0x0f, 1, Breg + Sp}), "none");
  EXPECT_EQ(ruleAfter({0x0f, 2, 0x30, 0x06}), "none");
  EXPECT_EQ(ruleAfter({0x0f, 0}), "none");
  EXPECT_EQ(ruleAfter({0x14, Pc, 1}), "none");
  EXPECT_EQ(ruleAfter({0x0e, 0xff, 0xff, 0xff, 0x7f}), "none"); // 256 MiB
  Object O;
  O.Augmentation = "eh";
  EXPECT_EQ(text(O.ruleAt(0)), "none");
  O = Object();
  O.Augmentation = "zRx";
  EXPECT_EQ(text(O.ruleAt(0)), "none");
  O = Object();
  O.Version = 4;
  EXPECT_EQ(text(O.ruleAt(0)), "none");
  O = Object();
  O.PcRegister = 5;
  EXPECT_EQ(text(O.ruleAt(0)), "none");
  O = Object();
  O.TableEncoding = 0x3c;
  EXPECT_EQ(text(O.ruleAt(0)), "none");
}

/// With most of what the parser knows in it.
Object richObject() {
  Object O;
  O.Augmentation = "zPLR";
  O.AugmentationData = {0x9b, 1, 2, 3, 4, 0x1b, 0x1b};
  O.Program = {Advance | 1, 0x0e, 0x80, 1,    Offset | Fp, 2,         0x0a,
               0x02,        3,    0x0d, Fp,   0x10,        Fp,        2,
               Breg + Fp,   0,    0x0f, 6,    Breg + Sp,   0x98,      1,
               0x06,        0x23, 8,    0x0b, 0x03,        1,         0,
               0x05,        Fp,   4,    0x0f, 3,           Breg + Fp, 0x78,
               0x06,        0x12, Sp,   0x7e, 0x2e,        16};
  return O;
}

TEST(EhFrame, SurvivesTruncationAnywhere) {
  const Bytes Whole = richObject().tables();
  EXPECT_NE(text(Object::ruleIn(Whole, 40)), "none");
  for (size_t Size = 0; Size != Whole.size(); ++Size) {
    const Bytes Part(Whole.begin(), Whole.begin() + static_cast<long>(Size));
    EXPECT_EQ(text(Object::ruleIn(Part, 40)), "none") << Size;
  }
}

TEST(EhFrame, SurvivesRandomDamage) {
  const Bytes Whole = richObject().tables();
  std::mt19937 Random(1);
  unsigned Usable = 0;
  for (unsigned I = 0; I != 200000; ++I) {
    Bytes Damaged = Whole;
    for (unsigned J = Random() % 8; J != 0; --J)
      Damaged[Random() % Damaged.size()] = static_cast<uint8_t>(Random());
    Damaged.resize(Damaged.size() - Random() % 4);
    Usable += Object::ruleIn(Damaged, Random() % 64).kind() != FrameKind::None;
  }
  EXPECT_GT(Usable, 10000u) << "the damage is too great to test much";
}

TEST(EhFrame, SurvivesRandomPrograms) {
  std::mt19937 Random(2);
  for (unsigned I = 0; I != 100000; ++I) {
    Object O;
    for (unsigned J = Random() % 32; J != 0; --J)
      O.Program.push_back(static_cast<uint8_t>(Random()));
    O.ruleAt(Random() % 64);
  }
}

TEST(EhFrame, FindsTheTablesOfLoadedCode) {
  const auto Code = reinterpret_cast<uintptr_t>(&richObject);
  EhFrameTables Tables;
  ASSERT_TRUE(ehFrameTablesFor(Code, Tables));
  EXPECT_LE(Tables.Low, Tables.Header);
  EXPECT_LT(Tables.Header, Tables.High);
  EXPECT_EQ(findFrameRule(Tables, Code).kind(), FrameKind::Call);
  EXPECT_FALSE(ehFrameTablesFor(reinterpret_cast<uintptr_t>(&Tables), Tables));
  EXPECT_FALSE(ehFrameTablesFor(0, Tables));
}

} // namespace
