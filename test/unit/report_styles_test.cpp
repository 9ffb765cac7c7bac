// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each kind of report in each style, held against report_styles.txt. If this
// fails, readers and parsers of a style read something else than what happened.

#include "modules.h"
#include "test_report.h"

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

using namespace heapfence;

namespace {

struct Case {
  const char *Name;
  void (*Make)(TestReport &T);
};

void setAccess(TestReport &T, ErrorKind Kind, Access How, Relation Where,
               size_t Distance) {
  uintptr_t Begin = T.Object.Address;
  uintptr_t At = Where == Relation::After    ? Begin + T.Object.Size + Distance
                 : Where == Relation::Before ? Begin - Distance
                                             : Begin + Distance;
  T.R.Error = {Kind, How, At, 0, Where, Distance};
  T.R.IsFreed = Kind == ErrorKind::UseAfterFree;
}

void setLiveFree(TestReport &T, ErrorKind Kind, Deallocation By) {
  T.setFree(Kind, Relation::Inside, 0);
  T.R.IsFreed = false;
  T.R.Error.By = By;
}

/// Two bytes changed, the first and third behind the object.
void setCorruption(TestReport &T) {
  T.setFree(ErrorKind::Corruption, Relation::After, 0);
  T.R.IsFreed = false;
  T.R.Error.Address = T.Object.Address + T.Object.Size;
  T.R.Changed = {0x40002ff0, 2, 16, 0b1111, 0b1010000, {}};
  T.R.Changed.Bytes[4] = 0xac;
}

void setAllocatorError(TestReport &T, ErrorKind Kind, const char *Message) {
  T.setFree(Kind, Relation::Inside, 0);
  T.R.Object = nullptr;
  T.R.IsFreed = false;
  T.R.Error.Address = 0;
  T.R.Error.AllocatorMessage = Message;
}

void withoutObject(TestReport &T, const char *Place) {
  T.R.Object = nullptr;
  T.R.IsFreed = false;
  T.R.Error.Place = Place;
}

const Case Cases[] = {
    {"use after free, sites known",
     [](TestReport &T) {
       T.R.Allocation.Where = T.R.FreedAt = &TheSource.Call;
       T.Object.SiteIndex = 3;
       T.Object.SiteOrdinal = 2;
       T.Object.Execution = 9;
     }},
    {"jump into a freed object",
     [](TestReport &T) { T.R.Error.How = Access::Execute; }},
    {"write past the end",
     [](TestReport &T) {
       setAccess(T, ErrorKind::BufferOverflow, Access::Write, Relation::After,
                 0);
     }},
    {"access before the start, unknown whether a read",
     [](TestReport &T) {
       setAccess(T, ErrorKind::BufferUnderflow, Access::Unknown,
                 Relation::Before, 1);
     }},
    {"buffer of a call",
     [](TestReport &T) {
       setAccess(T, ErrorKind::BufferOverflow, Access::Read, Relation::After,
                 5);
       T.R.Error.Function = "write";
       T.R.Error.Argument = 2;
     }},
    {"memory of no object",
     [](TestReport &T) {
       T.R.Error.Kind = ErrorKind::WildAccess;
       withoutObject(T, nullptr);
     }},
    {"double free, site known",
     [](TestReport &T) {
       T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
       T.R.Stack.Where = &TheSource.Call;
     }},
    {"free of the inside",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::InvalidFree, {HeapFunction::Realloc});
       T.R.Error.Address += 8;
       T.R.Error.Distance = 8;
     }},
    {"free of no object",
     [](TestReport &T) {
       T.setFree(ErrorKind::InvalidFree, Relation::Inside, 0);
       withoutObject(T, "on the thread's stack");
     }},
    {"corruption", setCorruption},
    {"corruption of a light object, bytes shown",
     [](TestReport &T) {
       setCorruption(T);
       T.R.ShowsBytes = true;
       T.Object.SizeClass = LightClass;
     }},
    {"malloc and delete[]",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::FamilyMismatch, {HeapFunction::DeleteArray});
       T.Object.Callee = HeapFunction::Strdup;
     }},
    {"new[] and free",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::FamilyMismatch, {HeapFunction::Realloc});
       T.Object.Callee = HeapFunction::NewArray;
     }},
    {"delete with another size",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::SizeMismatch, {HeapFunction::DeleteSized, 8});
       T.Object.Callee = HeapFunction::New;
     }},
    {"free_sized with another size",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::SizeMismatch, {HeapFunction::FreeSized, 1});
     }},
    {"delete without an alignment",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::AlignmentMismatch, {HeapFunction::Delete});
       T.Object.Callee = HeapFunction::NewAligned;
       T.Object.AlignLog2 = 6;
     }},
    {"free_aligned_sized with an alignment where there was none",
     [](TestReport &T) {
       setLiveFree(T, ErrorKind::AlignmentMismatch,
                   {HeapFunction::FreeAlignedSized, 100, 64});
     }},
    {"double free that the allocator found",
     [](TestReport &T) {
       setAllocatorError(T, ErrorKind::DoubleFree,
                         "free(): double free detected in tcache 2");
     }},
    {"invalid free that the allocator found",
     [](TestReport &T) {
       setAllocatorError(T, ErrorKind::InvalidFree, "free(): invalid pointer");
     }},
    {"corruption that the allocator found",
     [](TestReport &T) {
       setAllocatorError(T, ErrorKind::Corruption, "free(): invalid size");
     }},
    {"crash of the allocator",
     [](TestReport &T) {
       setAllocatorError(T, ErrorKind::AllocatorCrash, "it crashed");
     }},
};

const struct {
  const char *Name;
  ReportStyle Style;
} Styles[] = {{"default", ReportStyle::Default},
              {"asan", ReportStyle::Asan},
              {"kfence", ReportStyle::Kfence}};

/// The whole report. A return address differs between CPUs.
std::string textOf(const Case &C, ReportStyle Style) {
  TestReport T;
  T.Style = Style;
  C.Make(T);
  std::string Text = T.text() + T.summary();
  std::ostringstream Return;
  Return << " pc 0x" << std::hex << returnTo(0x2200) << ' ';
  if (size_t At = Text.find(Return.str()); At != std::string::npos)
    Text.replace(At, Return.str().size(), " pc 0x2200+ ");
  return Text;
}

/// The file: a line "#### CASE: STYLE" before each report.
std::map<std::string, std::string> readExpected() {
  std::map<std::string, std::string> Result;
  std::ifstream In(HF_REPORT_STYLES);
  std::string Line, Name;
  while (std::getline(In, Line)) {
    if (Line.rfind("#### ", 0) == 0)
      Result[Name = Line.substr(5)];
    else
      Result[Name] += Line + '\n';
  }
  Result.erase("");
  return Result;
}

TEST(ReportStyles, EachKind) {
  std::map<std::string, std::string> Expected = readExpected();
  for (const Case &C : Cases)
    for (const auto &S : Styles) {
      const std::string Name = std::string(C.Name) + ": " + S.Name;
      EXPECT_EQ(textOf(C, S.Style), Expected[Name]) << "#### " << Name;
      Expected.erase(Name);
    }
  EXPECT_TRUE(Expected.empty()) << Expected.begin()->first;
}

TEST(ReportStyles, EachKindHasACase) {
  std::map<ErrorKind, int> Seen;
  for (const Case &C : Cases) {
    TestReport T;
    C.Make(T);
    ++Seen[T.R.Error.Kind];
  }
  for (auto K = unsigned(ErrorKind::UseAfterFree);
       K <= unsigned(ErrorKind::AllocatorCrash); ++K)
    EXPECT_TRUE(Seen.count(ErrorKind(K))) << nameOf(ErrorKind(K));
}

/// Markup is the default text, but for the stacks.
TEST(ReportStyles, MarkupOfEachKind) {
  auto WithoutFrames = [](std::string Text) {
    std::string Result;
    std::istringstream In(Text);
    for (std::string Line; std::getline(In, Line);)
      if (Line.rfind("    #", 0) != 0)
        Result += Line + '\n';
    return Result;
  };
  for (const Case &C : Cases)
    EXPECT_EQ(WithoutFrames(textOf(C, ReportStyle::Markup)),
              "{{{reset}}}\n" + WithoutFrames(textOf(C, ReportStyle::Default)));
}

uint8_t someCode(uint8_t N) { return static_cast<uint8_t>(N * 5); }

std::string hex16(uintptr_t Address) {
  char Text[32];
  snprintf(Text, sizeof(Text), "0x%016zx", size_t(Address));
  return Text;
}

TEST(ReportStyles, MarkupOfModules) {
  const auto Pc = reinterpret_cast<uintptr_t>(&someCode);
  const auto Other = reinterpret_cast<uintptr_t>(&strtol);
  LoadedObject O, P;
  ASSERT_TRUE(findObject(Pc, O));
  ASSERT_TRUE(findObject(Other, P));
  if (!O.BuildIdSize || !P.BuildIdSize)
    GTEST_SKIP() << "built without a build id";
  TestReport T;
  T.Style = ReportStyle::Markup;
  T.setFault({Pc, Other, 0x1000, Pc + 8});
  T.setTrace(T.R.Allocation, 0, {Pc + 4});
  T.setTrace(T.R.Release, 0, {Other + 4});
  std::string Modules;
  for (const LoadedObject *M : {&O, &P}) {
    EXPECT_LE(M->Holder.Begin, M == &O ? Pc : Other);
    EXPECT_GT(M->Holder.End, M == &O ? Pc : Other);
    const char *Number = M == &O ? "0" : "1";
    BufferedWriter<8192> Out;
    Out << "{{{module:" << Number << ':' << M->Path << ":elf:";
    Out.hexBytes(M->BuildId, M->BuildIdSize)
        << "}}}\n{{{mmap:" << hex16(M->Holder.Begin).c_str();
    (Out << ':').hex(M->Holder.End - M->Holder.Begin)
        << ":load:" << Number
        << ":rx:" << hex16(M->Holder.Begin - M->Bias).c_str() << "}}}\n";
    Modules += Out.text();
  }
  const std::string Text = T.text();
  EXPECT_EQ(Text.substr(0, Text.find("==42==")), "{{{reset}}}\n" + Modules);
  EXPECT_NE(Text.find("thread T5\n"
                      "    {{{bt:0:" +
                      hex16(Pc) + ":pc}}}\n" + "    {{{bt:1:" + hex16(Other) +
                      ":ra}}}\n    #2 0x"),
            std::string::npos)
      << Text;
  EXPECT_NE(Text.find("    {{{bt:3:" + hex16(Pc + 8) + ":ra}}}\n0x40002fa3 is"),
            std::string::npos)
      << Text;
  EXPECT_EQ(T.summary(), "SUMMARY: HeapFence: heap-use-after-free {{{pc:" +
                             hex16(Pc) + ":pc}}}\n");
}

TEST(ReportStyles, CutWhereTheBufferEnds) {
  for (ReportStyle Style :
       {ReportStyle::Asan, ReportStyle::Kfence, ReportStyle::Markup}) {
    TestReport T;
    T.Style = Style;
    const std::string Whole = T.text();
    for (size_t Capacity = 0; Capacity != Whole.size() + 2; ++Capacity) {
      std::vector<char> Buffer(Capacity + 8, 'Z');
      Writer Out(Buffer.data(), Capacity);
      writeReport(Out, T.R, Style, 42);
      ASSERT_EQ(std::string(Out.data(), Out.size()), Whole.substr(0, Capacity));
      ASSERT_EQ(Out.isTruncated(), Capacity < Whole.size());
      ASSERT_EQ(std::string(Buffer.end() - 8, Buffer.end()), "ZZZZZZZZ");
    }
  }
}

TEST(ReportStyles, NamesFromTheProgramCannotForgeLines) {
  static const char File[] = "a\n==1==ERROR: .c", Function[] = "f\x1b[2J\xff";
  static Site S;
  Source::set(S.Where, File, Function, 1, 2);
  for (const auto &Each : Styles) {
    TestReport T;
    T.Style = Each.Style;
    T.setFree(ErrorKind::DoubleFree, Relation::Inside, 0);
    T.R.Allocation.Where = T.R.FreedAt = T.R.Stack.Where = &S;
    for (const std::string &Text : {T.text(), T.summary()}) {
      EXPECT_EQ(Text.find("\n==1=="), std::string::npos) << Text;
      EXPECT_EQ(Text.find('\x1b'), std::string::npos) << Text;
      EXPECT_EQ(Text.find('\xff'), std::string::npos) << Text;
    }
  }
}

} // namespace
