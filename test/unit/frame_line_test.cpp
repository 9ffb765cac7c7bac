// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Report lines are read as the runtime writes them, and nothing else is. If
// this fails, logs that pass through the tool are damaged or left raw.

#include "frame_line.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

TEST(FrameLine, RawFrame) {
  std::string Text = "    #12 0x55d0c0de11d6 (/tmp/app+0x11d6) "
                     "(BuildId: 0123abcd)";
  auto Frame = parseFrameLine(Text);
  ASSERT_TRUE(Frame);
  EXPECT_EQ(Frame->Prefix, "    ");
  EXPECT_EQ(Frame->Number, 12u);
  EXPECT_EQ(Frame->Pc, "0x55d0c0de11d6");
  EXPECT_EQ(Frame->Function, "");
  EXPECT_EQ(Frame->Module, "/tmp/app");
  EXPECT_EQ(Frame->Offset, 0x11d6u);
  EXPECT_EQ(Frame->BuildId, "0123abcd");
  EXPECT_EQ(renumberedFrame(*Frame, 12), Text);
  EXPECT_EQ(renumberedFrame(*Frame, 3), "    #3 0x55d0c0de11d6 (/tmp/app"
                                        "+0x11d6) (BuildId: 0123abcd)");
}

TEST(FrameLine, FrameOfTheSiteTable) {
  auto Frame = parseFrameLine("#0 0x1 in _ZN1a1fEv app.cpp:10:3 (/app+0x1)");
  ASSERT_TRUE(Frame);
  EXPECT_EQ(Frame->Function, "_ZN1a1fEv");
  EXPECT_EQ(Frame->File, "app.cpp");
  EXPECT_EQ(Frame->Line, 10u);
  EXPECT_EQ(Frame->Column, 3u);
  EXPECT_EQ(symbolizedFrame(*Frame, 4, {"a::f()", "/x/app.cpp", 11, 0}),
            "#4 0x1 in a::f() /x/app.cpp:11 (/app+0x1)");
  EXPECT_EQ(symbolizedFrame(*Frame, 4, {"a::f()", "/x/app.cpp", 0, 5}),
            "#4 0x1 in a::f() (/app+0x1)");
}

TEST(FrameLine, FrameWithoutModule) {
  auto Frame = parseFrameLine("#7 0xdead \r");
  ASSERT_TRUE(Frame);
  EXPECT_EQ(Frame->Module, "");
  EXPECT_EQ(Frame->Suffix, " \r");
  EXPECT_EQ(renumberedFrame(*Frame, 8), "#8 0xdead \r");
}

struct Split {
  const char *Text, *Function, *File;
  uint32_t Line, Column;
};

TEST(FrameLine, AsanNamesNoModuleWhereTheLineIsKnown) {
  const std::string Text = "  #1 0x1 in _ZN1a1fEv /x y/app.cpp:10:3\r";
  EXPECT_FALSE(parseFrameLine(Text));
  auto Frame = parseFrameLine(Text, FrameStyle::Asan);
  ASSERT_TRUE(Frame);
  EXPECT_EQ(Frame->Function, "_ZN1a1fEv");
  EXPECT_EQ(Frame->File, "/x y/app.cpp");
  EXPECT_EQ(Frame->Line, 10u);
  EXPECT_EQ(Frame->Module, "");
  EXPECT_EQ(symbolizedFrame(*Frame, 2, {"a::f()", "/x y/app.cpp", 10, 3}),
            "  #2 0x1 in a::f() /x y/app.cpp:10:3\r");
  Frame = parseFrameLine("#0 0x1 (/app+0x1) (BuildId: 12)", FrameStyle::Asan);
  ASSERT_TRUE(Frame);
  EXPECT_EQ(symbolizedFrame(*Frame, 0, {"f", "/app.c", 11, 0}),
            "#0 0x1 in f /app.c:11");
  EXPECT_EQ(symbolizedFrame(*Frame, 0, {"f", "", 0, 0}),
            "#0 0x1 in f (/app+0x1) (BuildId: 12)");
  for (const char *Other : {"#0 0x1 in main", "#0 0x1 in f(int)",
                            "#0 0x1 in f a.c:0:0", "#0 0x1 at f a.c:1:2"})
    EXPECT_FALSE(parseFrameLine(Other, FrameStyle::Asan)) << Other;
}

TEST(FrameLine, KfenceNamesInThePlaceOfTheAddress) {
  const std::string Text = " 0x12 in f a.c:1:2 (/app+0x12) (BuildId: ab)";
  EXPECT_FALSE(parseFrameLine(Text));
  auto Frame = parseFrameLine(Text, FrameStyle::Kfence);
  ASSERT_TRUE(Frame);
  EXPECT_EQ(Frame->Function, "f");
  EXPECT_EQ(Frame->Offset, 0x12u);
  EXPECT_EQ(renumberedFrame(*Frame, 7), Text);
  EXPECT_EQ(symbolizedFrame(*Frame, 7, {"g()", "b.c", 3, 4, 0x1f}),
            " g()+0x1f b.c:3:4 (/app+0x12) (BuildId: ab)");
  EXPECT_EQ(symbolizedFrame(*Frame, 7, {"g()", "b.c", 3, 4}),
            " g() b.c:3:4 (/app+0x12) (BuildId: ab)");
  for (const char *Other : {"0x12 (/app+0x12)", "  0x12 (/app+0x12)", " 0x12 x",
                            " 12 (/app+0x12)", "#0 0x12 (/app+0x12)"})
    EXPECT_FALSE(parseFrameLine(Other, FrameStyle::Kfence)) << Other;
}

TEST(FrameLine, FunctionAndFile) {
  const Split Cases[] = {
      {"main a.c:1:2", "main", "a.c", 1, 2},
      {"main a.c:1", "main", "a.c", 1, 0},
      {"main", "main", "", 0, 0},
      {"a::f(int, char const*)", "a::f(int, char const*)", "", 0, 0},
      {"a::f(int, char const*) /x/a.c:1:2", "a::f(int, char const*)", "/x/a.c",
       1, 2},
      {"a::f(int, char const*) a.c:1:2", "a::f(int, char const*)", "a.c", 1, 2},
      {"_Z1fv my dir/a (1).c:1:2", "_Z1fv", "my dir/a (1).c", 1, 2},
      {"main /my dir/a.c:1:2", "main", "/my dir/a.c", 1, 2},
      {"(anonymous namespace)::f() /a.c:1:2", "(anonymous namespace)::f()",
       "/a.c", 1, 2},
      {"operator new(unsigned long) /a.c:1:2", "operator new(unsigned long)",
       "/a.c", 1, 2},
      {"main a:b.c:1:2", "main", "a:b.c", 1, 2},
      {"f:1:2", "f:1:2", "", 0, 0},
      {"main a.c:99999999999:2", "main", "a.c:99999999999", 2, 0},
  };
  for (const Split &Case : Cases) {
    std::string Text =
        "  #0 0x1 in " + std::string(Case.Text) + " (/tmp/my (app)/x+0x2)";
    auto Frame = parseFrameLine(Text);
    ASSERT_TRUE(Frame) << Text;
    EXPECT_EQ(Frame->Function, Case.Function) << Text;
    EXPECT_EQ(Frame->File, Case.File) << Text;
    EXPECT_EQ(Frame->Line, Case.Line) << Text;
    EXPECT_EQ(Frame->Column, Case.Column) << Text;
    EXPECT_EQ(Frame->Module, "/tmp/my (app)/x") << Text;
  }
}

TEST(FrameLine, OtherLinesAreNoFrames) {
  for (const char *Text : {
           "",
           "#",
           "#0",
           "#0 ",
           "#0 0x",
           "# 0x1 (/a+0x1)",
           "#x 0x1 (/a+0x1)",
           "#0 1 (/a+0x1)",
           "#0 0xg (/a+0x1)",
           "#0 0x12345678123456781 (/a+0x1)",
           "#99999999999 0x1 (/a+0x1)",
           "#-1 0x1 (/a+0x1)",
           "#00 0x1 (/a+0x1)",
           "#0 0x1 /a+0x1",
           "#0 0x1 (/a+0x1",
           "#0 0x1 (/a)",
           "#0 0x1 (/a+0x)",
           "#0 0x1 (/a+0xg)",
           "#0 0x1 (+0x1)",
           "#0 0x1 (/a+0x11112222333344445)",
           "#0 0x1 (/a+0x1) (BuildId: xyz)",
           "#0 0x1 (/a+0x1) (BuildId: )",
           "#0 0x1 (/a+0x1) more",
           "#0 0x1 (BuildId: 12)",
           "#0 0x1 in",
           "#0 0x1 in main",
           "#0 0x1 in main /tmp/a.c:1:2",
           "#1  0x0000555 in main () at a.c:3",
           "#0 0x1(/a+0x1)",
           "READ at 0x7f thread T0",
           "SUMMARY: HeapFence: double-free (/tmp/app+0x11d6)",
       })
    EXPECT_FALSE(parseFrameLine(Text)) << Text;
}

/// Every combination of parts: what was put together is found again.
TEST(FrameLine, GeneratedTable) {
  const std::vector<std::string> Prefixes = {
      "", "    ", "12:00:01.5 [app #3]   ", "\x1b[31m", "a#1 0x b#2 "};
  const std::vector<std::string> Functions = {"", "main", "_ZN1a1fEv",
                                              "a::g(int) const", "-[A b:]"};
  const std::vector<std::string> Places = {"", "/a.c:1", "/d e/a.cc:65536:255"};
  const std::vector<std::string> Modules = {"/a", "/usr/lib/my app (2)+0x1/b",
                                            "relative", "[vdso]", "/\xff\x01"};
  const std::vector<std::string> BuildIds = {"", "00",
                                             "0123456789abcdefABCDEF"};
  const std::vector<std::string> Suffixes = {"", "\r", " \t"};
  const std::vector<uint64_t> Offsets = {0, 0x11d6, ~uint64_t(0)};
  unsigned Number = 0;
  for (const auto &Prefix : Prefixes)
    for (const auto &Function : Functions)
      for (const auto &Place : Places)
        for (const auto &Module : Modules)
          for (const auto &BuildId : BuildIds)
            for (const auto &Suffix : Suffixes)
              for (uint64_t Offset : Offsets) {
                if (Function.empty() && !Place.empty())
                  continue;
                char Hex[32];
                snprintf(Hex, sizeof(Hex), "%llx",
                         static_cast<unsigned long long>(Offset));
                std::string ModuleText = "(" + Module + "+0x" + Hex + ")";
                if (!BuildId.empty())
                  ModuleText += " (BuildId: " + BuildId + ")";
                std::string Text = Prefix + "#" + std::to_string(++Number) +
                                   " 0x7fffffffffff ";
                if (!Function.empty())
                  Text += "in " + Function + " ";
                if (!Place.empty())
                  Text += Place + " ";
                Text += ModuleText + Suffix;
                auto Frame = parseFrameLine(Text);
                ASSERT_TRUE(Frame) << Text;
                EXPECT_EQ(Frame->Prefix, Prefix);
                EXPECT_EQ(Frame->Number, Number);
                EXPECT_EQ(Frame->Pc, "0x7fffffffffff");
                EXPECT_EQ(Frame->Function, Function) << Text;
                EXPECT_EQ(Frame->File, Place.substr(0, Place.find(':')));
                EXPECT_EQ(Frame->Module, Module) << Text;
                EXPECT_EQ(Frame->Offset, Offset);
                EXPECT_EQ(Frame->BuildId, BuildId);
                EXPECT_EQ(Frame->ModuleText, ModuleText);
                EXPECT_EQ(Frame->Suffix, Suffix);
                EXPECT_EQ(renumberedFrame(*Frame, Number), Text);
              }
}

TEST(FrameLine, MutatedFramesDoNoHarm) {
  const std::string Seed = "  #0 0x1f in a::f(int) /a b.c:1:2 (/a (1)/b+0x2) "
                           "(BuildId: 12ab)\r";
  const std::string Bytes = "#0x (:)+/in\r\n\t\xff";
  std::mt19937 Random(1);
  for (int Round = 0; Round < 200000; ++Round) {
    std::string Text = Seed;
    for (unsigned Edits = Random() % 6; Edits > 0 && !Text.empty(); --Edits) {
      size_t At = Random() % Text.size();
      switch (Random() % 3) {
      case 0:
        Text.erase(At, 1 + Random() % 8);
        break;
      case 1:
        Text.insert(At, 1, Bytes[Random() % Bytes.size()]);
        break;
      default:
        Text[At] = Bytes[Random() % Bytes.size()];
      }
    }
    if (auto Frame = parseFrameLine(Text)) {
      EXPECT_EQ(renumberedFrame(*Frame, Frame->Number), Text);
      symbolizedFrame(*Frame, 1, {"f", "a.c", 1, 1});
    }
    parseHeadline(Text);
    parseSummaryLine(Text);
    escapeControls(Text);
  }
}

TEST(FrameLine, HostileLinesTakeLinearTime) {
  for (const char *Piece : {"#", "#1 0x1 ", "#1", " (/", "+0x1)",
                            " (BuildId: ", ":1", "#0 0x1 in f (/a+0x1)"}) {
    std::string Text = "#0 0x1 in ";
    while (Text.size() < (1 << 20))
      Text += Piece;
    parseFrameLine(Text);
    parseFrameLine(std::string_view(Text).substr(10));
    parseSummaryLine("SUMMARY: HeapFence: " + Text + ")");
  }
}

TEST(ReportLines, Headline) {
  auto Head = parseHeadline("12:00 ==1234==ERROR: HeapFence: "
                            "heap-use-after-free on address 0x7f at pc 0x5");
  ASSERT_TRUE(Head);
  EXPECT_EQ(Head->Pid, "1234");
  EXPECT_EQ(Head->Kind, "heap-use-after-free");
  Head = parseHeadline("==1==ERROR: HeapFence: wild free\r");
  ASSERT_TRUE(Head);
  EXPECT_EQ(Head->Kind, "wild free");
  for (const char *Text :
       {"", "==ERROR: HeapFence: x", "1==ERROR: HeapFence: x",
        "=1==ERROR: HeapFence: x", "==a==ERROR: HeapFence: x",
        "====ERROR: HeapFence: x", "==1==ERROR: ThreadSanitizer: x",
        "x BUG: HeapFence: x in y"})
    EXPECT_FALSE(parseHeadline(Text)) << Text;
}

TEST(ReportLines, HeadlinesOfOtherStyles) {
  struct {
    const char *Text;
    FrameStyle Style;
    const char *Pid, *Kind;
  } Cases[] = {
      {"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x7f at "
       "pc",
       FrameStyle::Asan, "7", "heap-use-after-free"},
      {"==7==ERROR: AddressSanitizer: attempting double-free on 0x7f in thread",
       FrameStyle::Asan, "7", "double-free"},
      {"==7==ERROR: AddressSanitizer: attempting free on address which was not "
       "malloc()-ed: 0x7f in thread T0",
       FrameStyle::Asan, "7", "bad-free"},
      {"==7==ERROR: AddressSanitizer: alloc-dealloc-mismatch (malloc vs "
       "operator delete) on 0x7f",
       FrameStyle::Asan, "7", "alloc-dealloc-mismatch"},
      {"BUG: HeapFence: use-after-free read in /x/app+0x12", FrameStyle::Kfence,
       "", "use-after-free read"},
      {"BUG: HeapFence: wrong size in free in main\r", FrameStyle::Kfence, "",
       "wrong size in free"},
  };
  for (const auto &C : Cases) {
    auto Head = parseHeadline(C.Text);
    ASSERT_TRUE(Head) << C.Text;
    EXPECT_EQ(Head->Style, C.Style) << C.Text;
    EXPECT_EQ(Head->Pid, C.Pid) << C.Text;
    EXPECT_EQ(Head->Kind, C.Kind) << C.Text;
  }
}

TEST(ReportLines, Summary) {
  auto Summary =
      parseSummaryLine("x SUMMARY: HeapFence: double-free (/tmp/a (1)+0x1)\r");
  ASSERT_TRUE(Summary);
  EXPECT_EQ(Summary->Head, "x SUMMARY: HeapFence: double-free");
  EXPECT_EQ(Summary->Suffix, "\r");
  for (const char *Text :
       {"", "SUMMARY: HeapFence: ", "SUMMARY: HeapFence: double-free",
        "SUMMARY: HeapFence: double-free /a.c:1:2 in f(int)",
        "SUMMARY: HeapFence: double-free /a (b).c:1:2 in f(int)",
        "SUMMARY: ThreadSanitizer: double-free (/a+0x1)"})
    EXPECT_FALSE(parseSummaryLine(Text)) << Text;
}

TEST(ReportLines, EndOfTheFirstStack) {
  EXPECT_TRUE(endsFirstStack("0x1 is located 3 bytes inside of"));
  EXPECT_TRUE(endsFirstStack("freed by thread T1 here:"));
  EXPECT_TRUE(endsFirstStack("previously allocated by thread T0 here:"));
  EXPECT_FALSE(endsFirstStack("READ at 0x7f thread T0"));
}

TEST(ReportLines, PlaceOfTheError) {
  EXPECT_EQ(parseHeadline("==1==ERROR: HeapFence: wild-access on address 0x7f "
                          "at pc 0x12 bp 0x3 sp 0x4")
                ->Pc,
            "0x12");
  EXPECT_EQ(
      parseHeadline("==1==ERROR: AddressSanitizer: alloc-dealloc-mismatch "
                    "(malloc vs operator delete) on 0x7f")
          ->Pc,
      "");
}

TEST(ReportLines, Accesses) {
  auto Own = parseAccessLine("12:00 READ at 0x7f thread T0\r");
  ASSERT_TRUE(Own);
  EXPECT_EQ(Own->Style, FrameStyle::Default);
  EXPECT_EQ(Own->Head, "12:00 READ at 0x7f thread T0");
  EXPECT_EQ(Own->Tail, "\r");
  EXPECT_EQ(Own->Address, 0x7fu);
  auto Asan = parseAccessLine("WRITE of size {*} at 0x7f thread T12");
  ASSERT_TRUE(Asan);
  EXPECT_EQ(Asan->Style, FrameStyle::Asan);
  EXPECT_EQ(Asan->Head, "WRITE of size ");
  EXPECT_EQ(Asan->Tail, " at 0x7f thread T12");
  for (const char *Text :
       {"READ at 0x7f thread T0, 4 bytes", "READ of size 4 at 0x7f thread T0",
        "READ of size {*}", "READ of size {*} at 0x7f thread T",
        "READ at 0x7f thread T0 in argument 2 of write()", "READ at 0x",
        "corruption at 0x7f found by thread T0 here:", "READ at 0x7f", "",
        "READ at 0x11111111111111111 thread T0", "EXECUTE at 0x7f thread T0"})
    EXPECT_FALSE(parseAccessLine(Text)) << Text;
}

TEST(ReportLines, Rules) {
  EXPECT_TRUE(isRule(std::string(66, '=')));
  EXPECT_TRUE(isRule(std::string(66, '=') + "\r"));
  EXPECT_FALSE(isRule("======"));
  EXPECT_FALSE(isRule(std::string(66, '=') + "x"));
}

TEST(ReportLines, ControlCharactersAreSpelled) {
  EXPECT_EQ(escapeControls("f(int)"), "f(int)");
  EXPECT_EQ(escapeControls("\x1b[1m\r\n\x7f"), "\\x1b[1m\\x0d\\x0a\\x7f");
  EXPECT_EQ(escapeControls("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(escapeControls("\xc2\x9b"), "\\xc2\\x9b");
  EXPECT_EQ(escapeControls("\x9b\xff\xc3"), "\\x9b\\xff\\xc3");
  EXPECT_EQ(escapeControls("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(escapeControls("\xc3("), "\\xc3(");
}

} // namespace
