// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a report is suppressed that no rule is about, or is not that
// one is about, or a rule is lost without a word.

#include "suppressions.h"
#include "symbol_table.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <dlfcn.h>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace heapfence;

// Code with a name, in this program.
extern "C" __attribute__((noinline)) int suppressions_test_callee(int N) {
  return N + static_cast<int>(reinterpret_cast<uintptr_t>(&N) % 3);
}

namespace {

std::vector<std::string> Said;
void say(const char *Line) { Said.push_back(Line); }

template <typename T> uintptr_t codeOf(T *Function) {
  return reinterpret_cast<uintptr_t>(Function);
}
/// An address inside a function, as a call there returns to it.
template <typename T> uintptr_t returnInto(T *Function) {
  return codeOf(Function) + arch::Frames.CallLength + 1;
}

/// A call site within an inlined call.
struct Source {
  Site Call = {};
  SourceFrame Outer = {};

  Source() {
    refer(Call.Where.File, "src/node.h");
    refer(Call.Where.Function, "node_new");
    refer(Outer.File, "/home/me/src/list.c");
    refer(Outer.Function, "list_add");
    refer(Call.Where.InlinedAt, &Outer);
  }
};
Source TheSource; // Within reach of its names.

class SuppressionsTest : public testing::Test {
protected:
  SuppressionsTest() {
    Said.clear();
    R.Error.Kind = ErrorKind::UseAfterFree;
    R.Object = &Object;
    R.IsFreed = true;
    Object.SiteIndex = NoSiteIndex;
  }
  ~SuppressionsTest() { remove(Path.c_str()); }

  void read(const std::string &Text) {
    int Fd = mkstemp(Path.data());
    ASSERT_GE(Fd, 0);
    ASSERT_EQ(write(Fd, Text.data(), Text.size()), ssize_t(Text.size()));
    close(Fd);
    Rules.read(Path.c_str(), say);
  }

  /// What was said, without the path.
  std::vector<std::string> said() {
    const std::string Prefix = "suppressions: " + Path;
    std::vector<std::string> Result;
    for (const std::string &Line : Said) {
      EXPECT_EQ(Line.substr(0, Prefix.size()), Prefix);
      Result.push_back(Line.substr(Prefix.size()));
    }
    Said.clear();
    return Result;
  }

  bool covers(const std::string &Rule) {
    Suppressions One;
    std::swap(Rules, One);
    Path = "/tmp/suppressions_test.XXXXXX";
    read(Rule + "\n");
    bool Result = Rules.cover(R);
    EXPECT_EQ(Rules.count(), 1u) << Rule;
    EXPECT_EQ(Rules.rule(0).IsUsed.loadRelaxed(), Result) << Rule;
    remove(Path.c_str());
    return Result;
  }

  std::string Path = "/tmp/suppressions_test.XXXXXX";
  Suppressions Rules;
  Slot Object = {};
  Report R = {};
};

TEST_F(SuppressionsTest, NoFileNoRules) {
  EXPECT_FALSE(Rules.cover(R));
  Path = "/nonexistent/rules";
  Rules.read(Path.c_str(), say);
  EXPECT_EQ(said(), std::vector<std::string>{" cannot be opened"});
  EXPECT_FALSE(Rules.cover(R));
}

TEST_F(SuppressionsTest, ADirectoryIsNoFile) {
  Path = "/tmp";
  Rules.read(Path.c_str(), say);
  EXPECT_EQ(said(), std::vector<std::string>{" is no regular file"});
  Path = "";
}

TEST_F(SuppressionsTest, ALargeFileIsRefused) {
  read(std::string((1 << 20) + 1, '#'));
  EXPECT_EQ(said(), std::vector<std::string>{" is larger than a megabyte"});
}

TEST_F(SuppressionsTest, AnEmptyFile) {
  read("");
  EXPECT_TRUE(said().empty());
  EXPECT_EQ(Rules.count(), 0u);
}

TEST_F(SuppressionsTest, LinesAreReadWithBlanksAndComments) {
  read("# comment\n\n  kind:double-free\t\r\n\t#fun:x\nfun: a b \nsrc:#c");
  EXPECT_TRUE(said().empty());
  ASSERT_EQ(Rules.count(), 3u);
  EXPECT_STREQ(Rules.rule(0).Pattern, "double-free");
  EXPECT_EQ(Rules.rule(0).What, RuleKind::Kind);
  EXPECT_EQ(Rules.rule(0).Line, 3u);
  EXPECT_STREQ(Rules.rule(1).Pattern, "a b");
  EXPECT_EQ(Rules.rule(1).What, RuleKind::Function);
  EXPECT_STREQ(Rules.rule(2).Pattern, "#c");
  EXPECT_EQ(Rules.rule(2).What, RuleKind::Source);
  EXPECT_EQ(Rules.rule(2).Line, 6u);
}

TEST_F(SuppressionsTest, ABadLineIsToldAndTheOthersHold) {
  using namespace std::string_literals;
  read("fun\nFun:x\nkind:\nkind:heap-use-after-fre\n:x\nmod\0ule:x\n"s +
       "kind:heap-use-*\n");
  EXPECT_EQ(
      said(),
      (std::vector<std::string>{
          ":1: 'fun' is left out: want kind:, fun:, src: or module:",
          ":2: 'Fun:x' is left out: want kind:, fun:, src: or module:",
          ":3: 'kind:' is left out: it has no pattern",
          ":4: 'kind:heap-use-after-fre' is left out: no kind of error has "
          "such a name",
          ":5: ':x' is left out: want kind:, fun:, src: or module:",
          ":6: 'mod?ule:x' is left out: want kind:, fun:, src: or module:"}));
  ASSERT_EQ(Rules.count(), 1u);
  EXPECT_TRUE(Rules.cover(R));
}

TEST_F(SuppressionsTest, AsManyRulesAsFit) {
  std::string Text;
  for (int I = 0; I != 1000; ++I)
    Text += "fun:x\n";
  read(Text + "fun:y");
  EXPECT_EQ(Rules.count(), 1001u);
  EXPECT_STREQ(Rules.rule(1000).Pattern, "y");
}

TEST_F(SuppressionsTest, Kinds) {
  EXPECT_TRUE(covers("kind:heap-use-after-free"));
  EXPECT_TRUE(covers("kind:*"));
  EXPECT_FALSE(covers("kind:double-free"));
  EXPECT_FALSE(covers("kind:heap-buffer-*"));
}

TEST_F(SuppressionsTest, SitesOfTheCallAndOfTheObject) {
  const Site **Places[] = {&R.Stack.Where, &R.FreedAt, &R.NumberedSite,
                           &R.Allocation.Where};
  for (const Site **Place : Places) {
    *Place = &TheSource.Call;
    for (const char *Rule : {"src:node.h", "src:src/list.c", "src:*/list.c",
                             "fun:node_new", "fun:list_*"})
      EXPECT_TRUE(covers(Rule)) << Rule;
    for (const char *Rule : {"src:ode.h", "src:list", "fun:node", "fun:*.c"})
      EXPECT_FALSE(covers(Rule)) << Rule;
    *Place = nullptr;
    EXPECT_FALSE(covers("src:node.h"));
  }
}

TEST_F(SuppressionsTest, WhereTheObjectWasNotFreedIsOfNoAccount) {
  R.IsFreed = false;
  R.FreedAt = &TheSource.Call;
  R.Release.Pcs[0] = returnInto(suppressions_test_callee);
  R.Release.Count = 1;
  EXPECT_FALSE(covers("src:node.h"));
  EXPECT_FALSE(covers("fun:suppressions_test_callee"));
}

TEST_F(SuppressionsTest, FunctionsOfAllStacksByTheirSymbols) {
  R.Stack.Count = R.Allocation.Count = R.Release.Count = 2;
  for (uintptr_t *Pcs : {R.Stack.Pcs, R.Allocation.Pcs, R.Release.Pcs}) {
    Pcs[1] = returnInto(suppressions_test_callee);
    EXPECT_TRUE(covers("fun:suppressions_test_callee"));
    EXPECT_TRUE(covers("fun:suppressions_*"));
    EXPECT_FALSE(covers("fun:suppressions_"));
    EXPECT_TRUE(covers("module:heapfence_unit_tests"));
    EXPECT_FALSE(covers("module:libc.so*"));
    Pcs[1] = 0;
    EXPECT_FALSE(covers("fun:suppressions_test_callee"));
  }
}

TEST_F(SuppressionsTest, TheFirstInstructionOfAFunctionIsItsOwn) {
  R.Stack.Count = 1;
  R.Stack.Pcs[0] = codeOf(suppressions_test_callee);
  R.Stack.IsFault = true;
  EXPECT_TRUE(covers("fun:suppressions_test_callee"));
  R.Stack.IsFault = false; // A call that returns there is another's last.
  EXPECT_FALSE(covers("fun:suppressions_test_callee"));
}

TEST_F(SuppressionsTest, HelpersAreOfNoAccount) {
  R.Stack.Count = 1;
  R.Stack.Pcs[0] = returnInto(suppressions_test_callee);
  R.IsHelper = [](uintptr_t) { return true; };
  EXPECT_FALSE(covers("fun:suppressions_test_callee"));
  EXPECT_FALSE(covers("module:*"));
}

TEST_F(SuppressionsTest, TheCLibrarysDynamicSymbols) {
  // Debian's has no others.
  auto *Address = dlsym(RTLD_DEFAULT, "qsort");
  ASSERT_TRUE(Address);
  R.Stack.Count = 1;
  R.Stack.Pcs[0] =
      reinterpret_cast<uintptr_t>(Address) + arch::Frames.CallLength + 1;
  EXPECT_TRUE(covers("fun:qsort"));
  EXPECT_TRUE(covers("module:libc.so.*"));
  EXPECT_FALSE(covers("fun:qsort_r"));
}

TEST_F(SuppressionsTest, AllRulesAboutAReportAreUsed) {
  R.Stack.Where = &TheSource.Call;
  read("kind:heap-*\nfun:other\nsrc:list.c\nmodule:other\n");
  EXPECT_TRUE(Rules.cover(R));
  Rules.sayUnused(Path.c_str(), say);
  EXPECT_EQ(said(),
            (std::vector<std::string>{":2: 'fun:other' was never used",
                                      ":4: 'module:other' was never used"}));
}

TEST_F(SuppressionsTest, AReportWithoutAnObject) {
  R.Object = nullptr;
  R.Allocation.Where = &TheSource.Call;
  R.Error.Kind = ErrorKind::WildAccess;
  EXPECT_TRUE(covers("kind:wild-access"));
  EXPECT_FALSE(covers("src:*"));
}

TEST(SymbolTable, NothingIsKnownOfWhatIsNoCode) {
  int Local = 0, Calls = 0;
  auto Count = [](const char *, void *N) { ++*static_cast<int *>(N); };
  errno = 77;
  forEachNameAt(reinterpret_cast<uintptr_t>(&Local), Count, &Calls);
  forEachNameAt(0, Count, &Calls);
  EXPECT_EQ(Calls, 0);
  forEachNameAt(codeOf(suppressions_test_callee), Count, &Calls);
  EXPECT_EQ(Calls, 1);
  EXPECT_EQ(errno, 77);
}

} // namespace
