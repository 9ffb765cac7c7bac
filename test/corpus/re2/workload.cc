// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matches generated text against single expressions and a set, with captures,
// replacement and every engine (DFA, one-pass, bit state, NFA). Prints counts
// and hashes, so that two runs can be compared.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "re2/filtered_re2.h"
#include "re2/re2.h"
#include "re2/set.h"

namespace {

class Random {
public:
  uint32_t below(uint32_t Limit) {
    State = State * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(State >> 33) % Limit;
  }

private:
  uint64_t State = 42;
};

uint64_t hash(std::string_view Bytes, uint64_t Hash = 0xcbf29ce484222325) {
  for (unsigned char Byte : Bytes)
    Hash = (Hash ^ Byte) * 0x100000001b3;
  return Hash;
}

std::vector<std::string> generateLines(int Count) {
  static const char *const Words[] = {"alpha",  "beta",  "gamma", "delta",
                                      "caf\xc3\xa9", "error", "warn", "GET",
                                      "POST",   "/index", "/api/v2", "0x7f3a"};
  Random Draw;
  std::vector<std::string> Lines;
  for (int Line = 0; Line < Count; ++Line) {
    std::string Text = "2024-" + std::to_string(10 + Draw.below(3)) + "-" +
                       std::to_string(10 + Draw.below(18)) + " ";
    for (uint32_t Word = 0, End = 3 + Draw.below(12); Word < End; ++Word) {
      Text += Words[Draw.below(12)];
      Text += Draw.below(4) ? ' ' : '=';
      if (Draw.below(3) == 0)
        Text += std::to_string(Draw.below(100000)) + ' ';
    }
    if (Draw.below(9) == 0)
      Text += "user" + std::to_string(Draw.below(50)) + "@host.example";
    Lines.push_back(Text);
  }
  return Lines;
}

const std::vector<std::string> &expressions() {
  static const std::vector<std::string> List = [] {
    std::vector<std::string> All = {
        R"(\b(error|warn)\b.*\d{3,})",
        R"((\w+)@([a-z.]+))",
        R"(^(\d{4})-(\d\d)-(\d\d) )",
        R"((?i)get\s+/API/v\d)",
        R"((a|b|g)[a-z]+a=(\d+))",
        R"(\p{L}+é\b)",
        R"((?:alpha |beta |gamma ){3,})",
        R"(0x[[:xdigit:]]+$)",
        R"(([^ ]+) ([^ ]+) ([^ ]+)$)",
        R"((x*)*y?z|delta.{5,25}gamma)",
    };
    for (int I = 0; I < 60; ++I)
      All.push_back("(alpha|user" + std::to_string(I) + ")=?" +
                    std::to_string(I * 37 % 100) + "[0-9]{" +
                    std::to_string(I % 4) + ",4}");
    return All;
  }();
  return List;
}

void matchEach(const std::vector<std::string> &Lines) {
  for (const std::string &Expression : expressions()) {
    RE2 Compiled(Expression);
    if (!Compiled.ok()) {
      std::printf("%s: %s\n", Expression.c_str(), Compiled.error().c_str());
      continue;
    }
    std::vector<std::string_view> Groups(Compiled.NumberOfCapturingGroups() +
                                         1);
    uint64_t Matches = 0, Hash = 0;
    for (const std::string &Line : Lines) {
      if (!Compiled.Match(Line, 0, Line.size(), RE2::UNANCHORED, Groups.data(),
                          static_cast<int>(Groups.size())))
        continue;
      ++Matches;
      for (std::string_view Group : Groups)
        Hash = hash(Group, Hash);
    }
    std::printf("%s: %llu, %016llx\n", Expression.c_str(),
                static_cast<unsigned long long>(Matches),
                static_cast<unsigned long long>(Hash));
  }
}

std::string matchSet(const std::vector<std::string> &Lines,
                     const RE2::Set &Set) {
  std::vector<uint64_t> Counts(expressions().size());
  std::vector<int> Matching;
  for (const std::string &Line : Lines)
    if (Set.Match(Line, &Matching))
      for (int Index : Matching)
        ++Counts[Index];
  std::string Text;
  for (uint64_t Count : Counts)
    Text += std::to_string(Count) + ' ';
  return Text;
}

// One compiled set shared by threads: its lazily built DFA is grown by both.
void matchSetOnThreads(const std::vector<std::string> &Lines) {
  RE2::Set Set(RE2::DefaultOptions, RE2::UNANCHORED);
  for (const std::string &Expression : expressions())
    Set.Add(Expression, nullptr);
  if (!Set.Compile()) {
    std::printf("set: does not compile\n");
    return;
  }
  std::string Results[3];
  std::vector<std::thread> Threads;
  for (std::string &Result : Results)
    Threads.emplace_back([&] { Result = matchSet(Lines, Set); });
  for (std::thread &Thread : Threads)
    Thread.join();
  for (const std::string &Result : Results)
    std::printf("set: %s\n", Result.c_str());
}

void replaceAll(const std::vector<std::string> &Lines) {
  RE2 Address(R"((\w+)@(\w+)\.example)"), Number(R"(\d+)"), Blank(R"(\s*)");
  uint64_t Hash = 0, Replaced = 0;
  for (size_t I = 0; I < Lines.size(); I += 3) {
    std::string Text = Lines[I];
    Replaced += RE2::Replace(&Text, Address, R"(\2 at \1)");
    Replaced += RE2::GlobalReplace(&Text, Number, "<\\0>");
    Replaced += RE2::GlobalReplace(&Text, Blank, "_");
    Hash = hash(Text, Hash);
  }
  std::printf("replaced: %llu, %016llx\n",
              static_cast<unsigned long long>(Replaced),
              static_cast<unsigned long long>(Hash));
}

void filter(const std::vector<std::string> &Lines) {
  re2::FilteredRE2 Filter;
  int Id;
  for (const std::string &Expression : expressions())
    Filter.Add(Expression, RE2::DefaultOptions, &Id);
  std::vector<std::string> Atoms;
  Filter.Compile(&Atoms);
  uint64_t Hash = 0;
  for (size_t I = 0; I < Lines.size(); I += 10) {
    std::vector<int> Present, Matching;
    for (size_t Atom = 0; Atom < Atoms.size(); ++Atom)
      if (Lines[I].find(Atoms[Atom]) != std::string::npos)
        Present.push_back(static_cast<int>(Atom));
    Filter.AllMatches(Lines[I], Present, &Matching);
    for (int Index : Matching)
      Hash = Hash * 31 + Index;
  }
  std::printf("filtered: %zu atoms, %016llx\n", Atoms.size(),
              static_cast<unsigned long long>(Hash));
}

// Small memory budgets make the DFA give up and the NFA take over; malformed
// expressions take the error paths.
void matchAtTheLimits(const std::vector<std::string> &Lines) {
  RE2::Options Small;
  Small.set_max_mem(8 << 10);
  Small.set_log_errors(false);
  static const char *const Malformed[] = {"a**", "(", "[z-a]", "\\8",
                                          "(?P<n>a)(?P<n>b)", "x{1001}",
                                          "\\pZ\\p{No_such}", "a\\"};
  for (const char *Expression : Malformed) {
    RE2 Compiled(Expression, Small);
    std::printf("%s: %s\n", Expression, Compiled.error().c_str());
  }
  RE2 Hungry("(alpha|beta|gamma|delta)+.*[ab].{10}(error|warn)", Small);
  uint64_t Matches = 0;
  if (Hungry.ok())
    for (const std::string &Line : Lines)
      Matches += RE2::PartialMatch(Line, Hungry);
  std::printf("small memory: %d, %llu\n", Hungry.ok(),
              static_cast<unsigned long long>(Matches));
}

} // namespace

// Argument: how many lines; default 15000.
int main(int Count, char **Arguments) {
  std::vector<std::string> Lines =
      generateLines(Count > 1 ? std::atoi(Arguments[1]) : 15000);
  uint64_t Hash = 0;
  for (const std::string &Line : Lines)
    Hash = hash(Line, Hash);
  std::printf("input: %016llx\n", static_cast<unsigned long long>(Hash));
  matchEach(Lines);
  matchSetOnThreads(Lines);
  replaceAll(Lines);
  filter(Lines);
  matchAtTheLimits(Lines);
  return 0;
}
