// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, an option is not what the user asked for, or a typing error
// goes unseen. Cases are generated from options.def.

#include "options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

enum class Kind { Flag, Number, Percent, Choice, Path, Site };

/// An option as options.def has it.
struct Known {
  std::string Name;
  Kind What;
  std::string Default;
  uint64_t Min, Max;               ///< Of numbers.
  std::vector<std::string> Values; ///< Of choices, in the enum's order.
};

std::vector<std::string> split(const std::string &Text, char Separator) {
  std::vector<std::string> Result;
  std::stringstream In(Text);
  for (std::string Part; std::getline(In, Part, Separator);)
    Result.push_back(Part);
  return Result;
}

const std::vector<Known> KnownOptions = {
#define HF_FLAG(Name, Default, Prose)                                          \
  {#Name, Kind::Flag, Default ? "1" : "0", 0, 1, {}},
#define HF_NUMBER(Name, Default, Min, Max, Unit, Prose)                        \
  {#Name, Kind::Number, std::to_string(uint64_t(Default)), Min, Max, {}},
#define HF_PERCENT(Name, Default, Prose)                                       \
  {#Name, Kind::Percent, std::to_string(Default), 0, 0, {}},
#define HF_CHOICE(Name, Type, Default, Values, Prose)                          \
  {#Name, Kind::Choice,      std::to_string(int(Type::Default)), 0,            \
   0,     split(Values, '|')},
#define HF_PATH(Name, Prose) {#Name, Kind::Path, "", 0, 0, {}},
#define HF_SITE(Name, Prose) {#Name, Kind::Site, "", 0, 0, {}},
#include "options.def"
};

/// Number, execution, file, line and column, as far as they are set.
std::string textOf(const SiteChoice &C) {
  if (!C.IsSet)
    return "";
  std::string Text = *C.File ? C.File : std::to_string(C.Index);
  for (uint32_t Number : {C.Execution, C.Line, C.Column})
    if (Number)
      Text += ":" + std::to_string(Number);
  return Text;
}

/// What an option holds: digits, a choice's position, or a path.
std::string valueOf(const Options &O, const std::string &Wanted) {
#define HF_FLAG(Name, Default, Prose)                                          \
  if (Wanted == #Name)                                                         \
    return O.Name ? "1" : "0";
#define HF_NUMBER(Name, Default, Min, Max, Unit, Prose)                        \
  if (Wanted == #Name)                                                         \
    return std::to_string(O.Name);
#define HF_PERCENT(Name, Default, Prose)                                       \
  if (Wanted == #Name)                                                         \
    return std::to_string(O.Name);
#define HF_CHOICE(Name, Type, Default, Values, Prose)                          \
  if (Wanted == #Name)                                                         \
    return std::to_string(int(O.Name));
#define HF_PATH(Name, Prose)                                                   \
  if (Wanted == #Name)                                                         \
    return O.Name;
#define HF_SITE(Name, Prose)                                                   \
  if (Wanted == #Name)                                                         \
    return textOf(O.Name);
#include "options.def"
  return "no such option";
}

struct Parsed {
  Options Result;
  std::string Errors;
};

Parsed parse(const std::string &Text, bool IsSecure = false) {
  Parsed P;
  BufferedWriter<4096> Errors;
  parseOptions(Text.c_str(), IsSecure, "==7==HeapFence: ", P.Result, Errors);
  P.Errors = Errors.text();
  return P;
}

/// Expects `Text` to be understood, and to set `Name` and nothing else.
void expectSets(const std::string &Text, const std::string &Name,
                const std::string &Value, bool IsSecure = false) {
  SCOPED_TRACE(Text);
  const Parsed P = parse(Text, IsSecure);
  EXPECT_EQ(P.Errors, "");
  for (const Known &K : KnownOptions)
    EXPECT_EQ(valueOf(P.Result, K.Name), K.Name == Name ? Value : K.Default)
        << K.Name;
}

/// Expects `Text` to change nothing, and exactly one line about it.
void expectRejected(const std::string &Text, const std::string &Complaint,
                    bool IsSecure = false) {
  SCOPED_TRACE(Text);
  const Parsed P = parse(Text, IsSecure);
  EXPECT_EQ(P.Errors,
            "==7==HeapFence: option " + Complaint + ": left as it was\n");
  for (const Known &K : KnownOptions)
    EXPECT_EQ(valueOf(P.Result, K.Name), K.Default) << K.Name;
}

std::string hexadecimal(uint64_t Value) {
  std::stringstream Out;
  Out << "0x" << std::hex << Value;
  return Out.str();
}

std::string rangeComplaint(const Known &K) {
  return "'" + K.Name + "' wants a number from " + std::to_string(K.Min) +
         " to " + std::to_string(K.Max);
}

TEST(Options, NothingLeavesTheDefaults) {
  for (const char *Text : {"", " ", ":,: \t\n\r,"}) {
    const Parsed P = parse(Text);
    EXPECT_EQ(P.Errors, "");
    for (const Known &K : KnownOptions)
      EXPECT_EQ(valueOf(P.Result, K.Name), K.Default);
  }
}

TEST(Options, EveryFlag) {
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Flag)
      continue;
    for (const char *Yes : {"1", "true", "yes"})
      expectSets(K.Name + "=" + Yes, K.Name, "1");
    for (const char *No : {"0", "false", "no"})
      expectSets(K.Name + "=" + No, K.Name, "0");
    for (const char *Bad : {"", "2", "TRUE", "on", "01", "1x", "y"})
      expectRejected(K.Name + "=" + Bad, "'" + K.Name + "' wants 0 or 1");
  }
}

TEST(Options, EveryNumberWithinItsBounds) {
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Number)
      continue;
    for (uint64_t Value : {K.Min, K.Min + 1, K.Max / 2 + 1, K.Max}) {
      const std::string Decimal = std::to_string(Value);
      expectSets(K.Name + "=" + Decimal, K.Name, Decimal);
      expectSets(K.Name + "=000" + Decimal, K.Name, Decimal);
      expectSets(K.Name + "=" + hexadecimal(Value), K.Name, Decimal);
    }
    if (K.Min > 0)
      expectRejected(K.Name + "=" + std::to_string(K.Min - 1),
                     rangeComplaint(K));
    if (K.Max < UINT64_MAX)
      expectRejected(K.Name + "=" + std::to_string(K.Max + 1),
                     rangeComplaint(K));
  }
}

TEST(Options, EveryMalformedNumber) {
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Number)
      continue;
    for (const char *Bad :
         {"", "-1", "+1", "1k", "1.0", "x", "0x", "0X10", "0xg", "0xA", "a",
          "1=1", "18446744073709551616", "18446744073709551625",
          "184467440737095516150", "0x10000000000000000", "' 1'"})
      expectRejected(K.Name + "=" + Bad, rangeComplaint(K));
  }
}

TEST(Options, EveryChoice) {
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Choice)
      continue;
    std::string All;
    for (size_t I = 0; I != K.Values.size(); ++I) {
      expectSets(K.Name + "=" + K.Values[I], K.Name, std::to_string(I));
      All += (I ? "|" : "") + K.Values[I];
    }
    const std::string First = K.Values[0];
    for (const std::string &Bad :
         {std::string(), std::string("other"), First.substr(1),
          First.substr(0, First.size() - 1), First + "x", All, "|" + First,
          std::string("0"), std::string("|")})
      expectRejected(K.Name + "=" + Bad,
                     "'" + K.Name + "' wants one of " + All);
  }
}

TEST(Options, EveryPath) {
  const std::string Longest(MaxOptionPath - 1, 'p');
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Path)
      continue;
    for (const std::string &Path : {std::string("/tmp/log"), std::string("="),
                                    std::string("a=b"), Longest})
      expectSets(K.Name + "=" + Path, K.Name, Path);
    expectRejected(K.Name + "=" + Longest + "p",
                   "'" + K.Name + "' is too long");
  }
}

TEST(Options, EverySite) {
  const std::string Longest(MaxSiteFile - 1, 'p');
  for (const Known &K : KnownOptions) {
    if (K.What != Kind::Site)
      continue;
    for (const std::string &Site :
         {std::string("0"), std::string("12"), std::string("12:3"),
          std::string("4294967295"), std::string("a.c:7"),
          std::string("/src/a.c:7:63"), std::string("a*:7"),
          std::string("1.c:7"), Longest + ":1"}) {
      expectSets(K.Name + "=" + Site, K.Name, Site);
      expectSets(K.Name + "='" + Site + "':", K.Name, Site);
    }
    expectSets(K.Name + "='a:b.c:7'", K.Name, "a:b.c:7");
    for (const std::string &Bad :
         {std::string(), std::string("x"), std::string("a.c"),
          std::string("4294967296"), std::string("1:0"), std::string("a.c:0"),
          std::string("a.c:0:1"), std::string("-1"), std::string("':7'"),
          std::string("7x"), Longest + "p:1"})
      expectRejected(K.Name + "=" + Bad,
                     "'" + K.Name +
                         "' wants SITE, SITE:N, FILE:LINE or FILE:LINE:COLUMN");
  }
}

TEST(Options, BehindASiteOthersGoOn) {
  for (const char *Site : {"12", "12:3", "a.c:7", "a.c:7:63"}) {
    const Parsed P =
        parse(std::string("guard_only=") + Site + ":slots=7:seed=3");
    EXPECT_EQ(P.Errors, "");
    EXPECT_EQ(textOf(P.Result.guard_only), Site);
    EXPECT_EQ(P.Result.slots, 7u);
    EXPECT_EQ(P.Result.seed, 3u);
  }
  // Only a site has ':' before digits.
  EXPECT_EQ(parse("log_path=a:5").Result.log_path, std::string("a"));
}

TEST(Options, QuotesHoldSeparators) {
  for (char Quote : {'"', '\''}) {
    const std::string Q(1, Quote), Other(1, Quote == '"' ? '\'' : '"');
    for (const std::string &Inside :
         {std::string("a:b"), std::string("a, b\tc\nd"), std::string(),
          std::string("slots=1"), Other, Other + "x" + Other})
      expectSets("log_path=" + Q + Inside + Q, "log_path", Inside);
    expectSets("slots=" + Q + "12" + Q, "slots", "12");
    expectSets("enabled=" + Q + "no" + Q + ":", "enabled", "0");
  }
  // Inside a value they are letters like any other.
  expectSets("log_path=a\"b\"", "log_path", "a\"b\"");
}

TEST(Options, AnOpenQuoteIsAnError) {
  for (const char *Text :
       {"log_path=\"", "log_path='", "log_path=\"abc", "log_path='abc\"",
        "log_path=\"a:slots=3", "log_path=\"a b"})
    expectRejected(Text, "'log_path' has no closing quote");
  expectRejected("slots=\"4", "'slots' has no closing quote");
}

TEST(Options, TextBehindAClosingQuoteIsAnError) {
  for (const char *Text : {"slots=\"4\"5", "slots='4'x=3", "slots=\"4\"'5'"})
    expectRejected(Text, "'slots' has text behind its closing quote");
}

TEST(Options, EverySeparator) {
  for (const char *Separator :
       {":", ",", " ", "\t", "\n", "\r", "::", ", ", "\r\n", " : "}) {
    for (const char *Around : {"", ":", "  "}) {
      const Parsed P = parse(std::string(Around) + "slots=7" + Separator +
                             "enabled=0" + Separator + "seed=9" + Around);
      EXPECT_EQ(P.Errors, "");
      EXPECT_EQ(P.Result.slots, 7u);
      EXPECT_FALSE(P.Result.enabled);
      EXPECT_EQ(P.Result.seed, 9u);
    }
  }
}

TEST(Options, UnknownNames) {
  for (const char *Name :
       {"", "nosuch", "Slots", "slot", "slotss", "-slots", "a'b", "\"slots\""})
    expectRejected(std::string(Name) + "=1",
                   "'" + std::string(Name) +
                       "' is unknown; help=1 lists the options");
}

TEST(Options, NamesWithoutValue) {
  for (const Known &K : KnownOptions)
    expectRejected(K.Name, "'" + K.Name + "' has no value");
  expectRejected("nosuch", "'nosuch' has no value");
}

TEST(Options, StrangeBytesOfANameAreEscaped) {
  expectRejected("a\x1b[31m\xc3\xa4=1",
                 "'a\\x1b[31m\\xc3\\xa4' is unknown; help=1 lists the options");
}

TEST(Options, GoodItemsBesideBadOnes) {
  const Parsed P = parse("slots=12:bogus=1:seed=x:placement=left:help");
  EXPECT_EQ(P.Result.slots, 12u);
  EXPECT_EQ(P.Result.placement, Placement::Left);
  EXPECT_EQ(P.Result.seed, 0u);
  EXPECT_EQ(std::count(P.Errors.begin(), P.Errors.end(), '\n'), 3);
}

TEST(Options, TheLastOfSeveralWins) {
  expectSets("slots=1:slots=2:slots=3", "slots", "3");
  const Parsed P = parse("slots=5:slots=0");
  EXPECT_EQ(P.Result.slots, 5u) << "a bad item leaves the value as it was";
}

TEST(Options, SecureModeIgnoresPaths) {
  for (const Known &K : KnownOptions) {
    if (K.What == Kind::Path)
      expectRejected(K.Name + "=/tmp/x",
                     "'" + K.Name +
                         "' is ignored in a program with raised rights",
                     /*IsSecure=*/true);
  }
  expectSets("slots=9", "slots", "9", /*IsSecure=*/true);
  expectSets("guard=mprotect", "guard", "2", /*IsSecure=*/true);
}

TEST(Options, HelpListsEveryOptionWithItsDefault) {
  BufferedWriter<8192> Out; // As large as what start-up has.
  describeOptions(Out);
  ASSERT_FALSE(Out.isTruncated());
  const std::vector<std::string> Lines = split(Out.text(), '\n');
  ASSERT_EQ(Lines.size(), KnownOptions.size() + 1);
  EXPECT_EQ(Lines[0], "HEAPFENCE_OPTIONS: name=value, separated by ':'");
  for (size_t I = 0; I != KnownOptions.size(); ++I) {
    const Known &K = KnownOptions[I];
    const std::string &Line = Lines[I + 1];
    SCOPED_TRACE(Line);
    EXPECT_EQ(Line.find("  " + K.Name + "="), 0u);
    if (K.What == Kind::Path || K.What == Kind::Site) {
      EXPECT_NE(Line.find("default: "), std::string::npos);
      continue;
    }
    const std::string Default =
        K.What == Kind::Choice ? K.Values[std::stoul(K.Default)]
        : K.What == Kind::Percent
            ? std::to_string(std::stod(K.Default) / 10'000).substr(0, 4)
            : K.Default;
    EXPECT_NE(Line.find(" (default " + Default + "): "), std::string::npos);
    for (const std::string &Value : K.Values)
      EXPECT_LT(Line.find(Value), Line.find(" (default"));
  }
}

TEST(Options, Percentages) {
  struct {
    const char *Text;
    uint32_t PartsPerMillion;
  } Good[] = {{"0", 0},       {"1", 10'000},        {"100", 1'000'000},
              {"0.25", 2500}, {".5", 5000},         {"2.", 20'000},
              {"0.0001", 1},  {"99.9999", 999'999}, {"100.0", 1'000'000}};
  for (auto &G : Good) {
    Options O;
    BufferedWriter<512> Errors;
    parseOptions((std::string("budget_percent=") + G.Text).c_str(), false, "",
                 O, Errors);
    EXPECT_EQ(O.budget_percent, G.PartsPerMillion) << G.Text;
    EXPECT_EQ(Errors.size(), 0u) << Errors.text();
  }
  for (const char *Bad : {"", ".", "100.1", "101", "-1", "0.00001", "1.2.3",
                          "1e3", "0x1", "1%", "99999999999999999999"}) {
    Options O;
    BufferedWriter<512> Errors;
    parseOptions((std::string("budget_percent=") + Bad).c_str(), false, "", O,
                 Errors);
    EXPECT_EQ(O.budget_percent, Options().budget_percent) << Bad;
    EXPECT_NE(std::string(Errors.text()).find("wants 0 to 100"),
              std::string::npos)
        << Errors.text();
  }
}

TEST(Options, HelpNamesTheUnits) {
  BufferedWriter<8192> Out;
  describeOptions(Out);
#define HF_FLAG(Name, Default, Prose)
#define HF_NUMBER(Name, Default, Min, Max, Unit, Prose)                        \
  EXPECT_NE(std::string(Out.text())                                            \
                .find(std::string("  " #Name "=N") + (*Unit ? " " : "") +      \
                      Unit + " (default "),                                    \
            std::string::npos);
#define HF_PERCENT(Name, Default, Prose)
#define HF_CHOICE(Name, Type, Default, Values, Prose)
#define HF_PATH(Name, Prose)
#define HF_SITE(Name, Prose)
#include "options.def"
}

} // namespace
