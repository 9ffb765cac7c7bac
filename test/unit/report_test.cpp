// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, people and parsers of sanitizer logs read something else than
// what happened. The expected reports are given whole.

#include "modules.h"
#include "test_report.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

std::vector<std::string> linesOf(const std::string &Text) {
  std::vector<std::string> Result;
  for (size_t At = 0, End; (End = Text.find('\n', At)) != std::string::npos;
       At = End + 1)
    Result.push_back(Text.substr(At, End - At));
  return Result;
}

TEST(Report, UseAfterFree) {
  EXPECT_EQ(TestReport().text(),
            "==42==ERROR: HeapFence: heap-use-after-free on address "
            "0x40002fa3 at pc 0x2000 bp 0x7ff8 sp 0x7ff0\n"
            "READ at 0x40002fa3 thread T5\n"
            "    #0 0x2000\n"
            "    #1 0x2100\n"
            "0x40002fa3 is located 19 bytes inside of 100-byte region "
            "[0x40002f90,0x40002ff4) (heapfence-#17)\n"
            "freed by thread T2 here:\n"
            "    #0 0x1300\n"
            "previously allocated by thread T0 here:\n"
            "    #0 0x1100\n"
            "    #1 0x1200\n");
  EXPECT_EQ(TestReport().summary(),
            "SUMMARY: HeapFence: heap-use-after-free\n");
}

TEST(Report, BufferOverflow) {
  TestReport T;
  T.R.IsFreed = false;
  T.R.Error = {ErrorKind::BufferOverflow,
               Access::Write,
               0x40002ff4,
               0,
               Relation::After,
               0};
  EXPECT_EQ(T.text(1), "==1==ERROR: HeapFence: heap-buffer-overflow on address "
                       "0x40002ff4 at pc 0x2000 bp 0x7ff8 sp 0x7ff0\n"
                       "WRITE at 0x40002ff4 thread T5\n"
                       "    #0 0x2000\n"
                       "    #1 0x2100\n"
                       "0x40002ff4 is located 0 bytes after 100-byte region "
                       "[0x40002f90,0x40002ff4) (heapfence-#17)\n"
                       "allocated by thread T0 here:\n"
                       "    #0 0x1100\n"
                       "    #1 0x1200\n");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: heap-buffer-overflow\n");
}

TEST(Report, BufferUnderflow) {
  TestReport T;
  T.R.IsFreed = false;
  T.R.Error = {ErrorKind::BufferUnderflow,
               Access::Read,
               0x40002f8f,
               0,
               Relation::Before,
               1};
  EXPECT_EQ(T.text(),
            "==42==ERROR: HeapFence: heap-buffer-underflow on address "
            "0x40002f8f at pc 0x2000 bp 0x7ff8 sp 0x7ff0\n"
            "READ at 0x40002f8f thread T5\n"
            "    #0 0x2000\n"
            "    #1 0x2100\n"
            "0x40002f8f is located 1 byte before 100-byte region "
            "[0x40002f90,0x40002ff4) (heapfence-#17)\n"
            "allocated by thread T0 here:\n"
            "    #0 0x1100\n"
            "    #1 0x1200\n");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: heap-buffer-underflow\n");
}

TEST(Report, DoubleFree) {
  TestReport T;
  T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
  EXPECT_EQ(
      T.text(),
      "==42==ERROR: HeapFence: double-free on address 0x40002f90 at pc " +
          std::string(arch::Frames.CallLength == 1 ? "0x2201" : "0x2204") +
          " bp 0x7ff8 sp 0x7ff0\n"
          "double free of 0x40002f90 by thread T5 here:\n"
          "    #0 0x2200\n"
          "0x40002f90 is located 0 bytes inside of 100-byte region "
          "[0x40002f90,0x40002ff4) (heapfence-#17)\n"
          "freed by thread T2 here:\n"
          "    #0 0x1300\n"
          "previously allocated by thread T0 here:\n"
          "    #0 0x1100\n"
          "    #1 0x1200\n");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: double-free\n");
}

TEST(Report, InvalidFree) {
  TestReport T;
  T.R.IsFreed = false;
  T.setFree(ErrorKind::InvalidFree, Relation::Inside, 8);
  const std::vector<std::string> Lines = linesOf(T.text());
  ASSERT_EQ(Lines.size(), 7u);
  EXPECT_EQ(Lines[0].find("==42==ERROR: HeapFence: invalid-free on address "
                          "0x40002f90 at pc 0x22"),
            0u);
  EXPECT_EQ(Lines[1], "free of 0x40002f90 by thread T5 here:");
  EXPECT_EQ(Lines[2], "    #0 0x2200");
  EXPECT_EQ(Lines[3], "0x40002f90 is located 8 bytes inside of 100-byte region "
                      "[0x40002f90,0x40002ff4) (heapfence-#17)");
  EXPECT_EQ(Lines[4], "allocated by thread T0 here:");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: invalid-free\n");
}

TEST(Report, Corruption) {
  TestReport T;
  T.R.IsFreed = false;
  T.setFree(ErrorKind::Corruption, Relation::After, 2);
  const std::vector<std::string> Lines = linesOf(T.text());
  ASSERT_EQ(Lines.size(), 7u);
  EXPECT_EQ(Lines[0].find("==42==ERROR: HeapFence: heap-corruption on address "
                          "0x40002f90 at pc 0x22"),
            0u);
  EXPECT_EQ(Lines[1], "corruption at 0x40002f90 found by thread T5 here:");
  EXPECT_EQ(Lines[2], "    #0 0x2200");
  EXPECT_EQ(Lines[3], "0x40002f90 is located 2 bytes after 100-byte region "
                      "[0x40002f90,0x40002ff4) (heapfence-#17)");
  EXPECT_EQ(Lines[4], "allocated by thread T0 here:");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: heap-corruption\n");
}

TEST(Report, MemoryWithoutAnObject) {
  TestReport T;
  T.R.Object = nullptr;
  T.R.IsFreed = false;
  T.R.Error = {ErrorKind::WildAccess,
               Access::Read,
               0x40100000,
               NoSlot,
               Relation::Inside,
               0};
  EXPECT_EQ(T.text(),
            "==42==ERROR: HeapFence: wild-access on address 0x40100000 at pc "
            "0x2000 bp 0x7ff8 sp 0x7ff0\n"
            "READ at 0x40100000 thread T5\n"
            "    #0 0x2000\n"
            "    #1 0x2100\n"
            "0x40100000 is in pool memory that never belonged to an object\n");
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: wild-access\n");
  T.setFree(ErrorKind::InvalidFree, Relation::Inside, 0);
  EXPECT_EQ(linesOf(T.text()).back(),
            "0x40002f90 is in pool memory that never belonged to an object");
}

TEST(Report, HowTheAccessWas) {
  struct {
    Access How;
    const char *Line;
  } Cases[] = {{Access::Read, "READ at 0x40002fa3 thread T5"},
               {Access::Write, "WRITE at 0x40002fa3 thread T5"},
               {Access::Execute, "EXECUTE at 0x40002fa3 thread T5"},
               {Access::Unknown, "access at 0x40002fa3 thread T5"}};
  for (auto &C : Cases) {
    TestReport T;
    T.R.Error.How = C.How;
    EXPECT_EQ(linesOf(T.text())[1], C.Line);
  }
}

TEST(Report, SingularAndPlural) {
  struct {
    Relation Where;
    size_t Distance, Size;
    const char *Text;
  } Cases[] = {
      {Relation::After, 0, 0, "located 0 bytes after 0-byte region"},
      {Relation::After, 1, 1, "located 1 byte after 1-byte region"},
      {Relation::Before, 2, 5, "located 2 bytes before 5-byte region"},
      {Relation::Inside, 1, 2, "located 1 byte inside of 2-byte region"},
      {Relation::Inside, 4095, 65536,
       "located 4095 bytes inside of 65536-byte region"}};
  for (auto &C : Cases) {
    TestReport T;
    T.R.Error.Where = C.Where;
    T.R.Error.Distance = C.Distance;
    T.Object.Size = C.Size;
    EXPECT_NE(T.text().find(C.Text), std::string::npos) << T.text();
  }
}

TEST(Report, TheSiteAndWhichOfItsObjectsItWas) {
  struct {
    uint32_t Index, Ordinal;
    const char *Text;
  } Cases[] = {{0, 1, "(heapfence-#17, site 0, 1st guarded here)\n"},
               {3, 2, "(heapfence-#17, site 3, 2nd guarded here)\n"},
               {12345, 11, "(heapfence-#17, site 12345, 11th guarded here)\n"},
               {NoSiteIndex, 0, "(heapfence-#17)\n"}};
  for (auto &C : Cases) {
    TestReport T;
    T.Object.SiteIndex = C.Index;
    T.Object.SiteOrdinal = C.Ordinal;
    EXPECT_NE(T.text().find(C.Text), std::string::npos) << T.text();
  }
}

TEST(Report, TheTypeAndTheIndex) {
  struct {
    uint32_t Element;
    size_t Size;
    Relation Where;
    size_t Distance;
    const char *Text;
  } Cases[] = {{12, 48, Relation::Inside, 0, "4 x Conn, index 0"},
               {12, 48, Relation::Inside, 11, "4 x Conn, index 0"},
               {12, 48, Relation::Inside, 47, "4 x Conn, index 3"},
               {12, 48, Relation::After, 0, "4 x Conn, index 4"},
               {12, 48, Relation::After, 13, "4 x Conn, index 5"},
               {12, 48, Relation::Before, 1, "4 x Conn, index -1"},
               {12, 48, Relation::Before, 12, "4 x Conn, index -1"},
               {12, 48, Relation::Before, 13, "4 x Conn, index -2"},
               // One, more than a whole number, bytes, and what is not known.
               {12, 12, Relation::After, 0, "Conn"},
               {12, 50, Relation::Inside, 0, "Conn"},
               {12, 0, Relation::After, 0, "Conn"},
               {1, 48, Relation::Inside, 7, "Conn"},
               {0, 48, Relation::Inside, 7, "Conn"}};
  static struct {
    Site Where;
    char Type[8];
  } Typed = {{}, "Conn"};
  refer(Typed.Where.Type, &Typed.Type[0]);
  for (auto &C : Cases) {
    TestReport T;
    Typed.Where.Size = C.Element;
    T.R.Allocation.Where = &Typed.Where;
    T.R.Error.Where = C.Where;
    T.R.Error.Distance = C.Distance;
    T.Object.Size = C.Size;
    const std::string Wanted = std::string("(heapfence-#17, ") + C.Text + ")";
    EXPECT_NE(T.text().find(Wanted), std::string::npos) << T.text();
  }
}

TEST(Report, SitesAreNamedWithTheCallsInlined) {
  TestReport T;
  T.R.Allocation.Where = T.R.FreedAt = &TheSource.Call;
  const std::vector<std::string> Lines = linesOf(T.text());
  const std::vector<std::string> Tail(Lines.begin() + 5, Lines.end());
  EXPECT_EQ(Tail, (std::vector<std::string>{
                      "freed by thread T2 here:",
                      "    #0 0x1300 in xmalloc src/node.h:12:9",
                      "    #1 0x1300 in node_new src/node.h:30",
                      "    #2 0x1300 in list_add src/list.c:7:3",
                      "previously allocated by thread T0 here:",
                      "    #0 0x1100 in xmalloc src/node.h:12:9",
                      "    #1 0x1100 in node_new src/node.h:30",
                      "    #2 0x1100 in list_add src/list.c:7:3",
                      "    #3 0x1200",
                  }));
}

TEST(Report, TheTagOfAPointer) {
  TestReport T;
  T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
  T.R.Error.TaggedPointer = 0x2a00000040002f90;
  EXPECT_EQ(linesOf(T.text())[1], "double free of 0x40002f90 (with a tag: "
                                  "0x2a00000040002f90) by thread T5 here:");
  T.R.Error.Kind = ErrorKind::BufferOverflow;
  T.R.Error.How = Access::Write;
  T.R.Error.Function = "memcpy";
  T.R.Error.Argument = 1;
  EXPECT_EQ(linesOf(T.text())[1],
            "WRITE at 0x40002f90 thread T5 in argument 1 of memcpy() (with a "
            "tag: 0x2a00000040002f90)");
}

TEST(Report, TheSiteOfARefusedFree) {
  TestReport T;
  T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
  T.R.Stack.Where = &TheSource.Call;
  const std::vector<std::string> Lines = linesOf(T.text());
  EXPECT_EQ(Lines[2], "    #0 0x2200 in xmalloc src/node.h:12:9");
  EXPECT_EQ(Lines[4], "    #2 0x2200 in list_add src/list.c:7:3");
  EXPECT_EQ(T.summary(),
            "SUMMARY: HeapFence: double-free src/node.h:12:9 in xmalloc\n");
}

TEST(Report, SourcesAsFarAsTheyAreKnown) {
  struct {
    const char *File, *Function;
    uint32_t Line, Column;
    const char *Frame, *Summary;
  } Cases[] = {
      {"f.c", "f", 1, 2, " in f f.c:1:2", " f.c:1:2 in f"},
      {"f.c", "f", 1, 0, " in f f.c:1", " f.c:1 in f"},
      {"f.c", "f", 0, 0, " in f", ""},
      {nullptr, "f", 1, 2, " in f", ""},
      {"f.c", nullptr, 1, 2, "", ""},
      {nullptr, nullptr, 0, 0, "", ""},
  };
  static Site S;
  for (auto &C : Cases) {
    S = {};
    Source::set(S.Where, C.File, C.Function, C.Line, C.Column);
    TestReport T;
    T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
    T.R.Stack.Where = &S;
    EXPECT_EQ(linesOf(T.text())[2], "    #0 0x2200" + std::string(C.Frame));
    EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: double-free" +
                               std::string(C.Summary) + "\n");
  }
}

TEST(Report, NamesFromTheProgramCannotForgeLines) {
  static const char File[] = "a\n==1==ERROR: .c", Function[] = "f\x1b[2J\xff";
  static Site S;
  Source::set(S.Where, File, Function, 1, 2);
  TestReport T;
  const size_t LineCount = linesOf(T.text()).size();
  T.R.Allocation.Where = &S;
  T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
  T.R.Stack.Where = &S;
  EXPECT_NE(T.text().find("in f\\x1b[2J\\xff a\\x0a==1==ERROR: .c:1:2\n"),
            std::string::npos);
  EXPECT_EQ(linesOf(T.text()).size(), LineCount - 1); // One frame less.
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: double-free "
                         "a\\x0a==1==ERROR: .c:1:2 in f\\x1b[2J\\xff\n");
}

TEST(Report, StacksOfAnyLength) {
  for (unsigned Count : {0u, 1u, MaxTraceFrames}) {
    TestReport T;
    T.setFault(std::vector<uintptr_t>(MaxReportFrames, returnTo(0x9000)));
    T.setTrace(T.R.Allocation, 1,
               std::vector<uintptr_t>(Count, returnTo(0x8000)));
    const std::vector<std::string> Lines = linesOf(T.text());
    EXPECT_EQ(Lines.size(), 2 + MaxReportFrames + 1 + 2 + 1 + Count);
    EXPECT_EQ(Lines[2 + MaxReportFrames - 1], "    #63 0x9000");
  }
}

uint8_t someCode(uint8_t N) { return static_cast<uint8_t>(N * 3); }

TEST(Report, FramesNameModuleOffsetAndBuildId) {
  const auto Pc = reinterpret_cast<uintptr_t>(&someCode);
  LoadedObject O;
  ASSERT_TRUE(findObject(Pc, O));
  char Frame[5000];
  snprintf(Frame, sizeof(Frame), "    #0 0x%zx (%s+0x%zx)", size_t(Pc), O.Path,
           size_t(Pc - O.Bias));
  std::string Expected = Frame;
  if (O.BuildIdSize) {
    Expected += " (BuildId: ";
    for (size_t I = 0; I != O.BuildIdSize; ++I) {
      snprintf(Frame, sizeof(Frame), "%02x", O.BuildId[I]);
      Expected += Frame;
    }
    Expected += ')';
  }
  TestReport T;
  T.setFault({Pc});
  EXPECT_EQ(linesOf(T.text())[2], Expected);
  // A return address names its call.
  T.R.Stack.IsFault = false;
  T.R.Stack.Pcs[0] = returnTo(Pc);
  EXPECT_EQ(linesOf(T.text())[2], Expected);
  const std::string Place = Expected.substr(Expected.find(" ("));
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: heap-use-after-free" +
                             Place.substr(0, Place.find(" (BuildId")) + "\n");
}

TEST(Report, CutWhereTheBufferEnds) {
  TestReport T;
  T.R.Allocation.Where = &TheSource.Call;
  const std::string Whole = T.text();
  constexpr char Untouched = 0x5a;
  for (size_t Capacity = 0; Capacity != Whole.size() + 2; ++Capacity) {
    std::vector<char> Buffer(Capacity + 8, Untouched);
    Writer Out(Buffer.data(), Capacity);
    writeReport(Out, T.R, ReportStyle::Default, 42);
    ASSERT_EQ(std::string(Out.data(), Out.size()), Whole.substr(0, Capacity));
    ASSERT_EQ(Out.isTruncated(), Capacity < Whole.size());
    for (size_t I = Capacity; I != Buffer.size(); ++I)
      ASSERT_EQ(Buffer[I], Untouched);
  }
}

TEST(Report, VeryLongNames) {
  static char Function[100'000];
  memset(Function, 'f', sizeof(Function) - 1);
  static Site S;
  Source::set(S.Where, "f.c", Function, 1, 2);
  TestReport T;
  T.R.FreedAt = &S;
  BufferedWriter<4096> Out;
  writeReport(Out, T.R, ReportStyle::Default, 42);
  EXPECT_TRUE(Out.isTruncated());
  EXPECT_EQ(Out.size(), 4096u);
  BufferedWriter<200'000> Large;
  writeReport(Large, T.R, ReportStyle::Default, 42);
  EXPECT_FALSE(Large.isTruncated());
  EXPECT_GT(Large.size(), sizeof(Function));
}

} // namespace
