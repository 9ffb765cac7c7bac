// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Strings that come and go: as keys and values of maps, joined, cut and sorted.
//   strings SCALE
#include "work.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

constexpr long Steps = 6000, Names = 3000;

uint64_t Random = 1;

std::string name(uint64_t Number) {
  std::string Text =
      Number % 3 ? "key-" : "a rather long name of a key, number ";
  return Text + std::to_string(Number);
}

uint64_t hash(const std::string &Text) {
  uint64_t Hash = Text.size();
  for (unsigned char C : Text)
    Hash = Hash * 31 + C;
  return Hash;
}

/// Texts under their names, and the names in groups.
class Index {
public:
  void insert(const std::string &Name, std::string Text) {
    auto [At, IsNew] = Texts.try_emplace(Name, std::move(Text));
    if (!IsNew)
      At->second += "; " + At->second.substr(0, At->second.size() / 2);
    if (At->second.size() > 200)
      At->second = At->second.substr(At->second.size() - 100);
    if (IsNew)
      Groups[group(Name)].push_back(Name);
  }

  void erase(const std::string &Name) {
    if (!Texts.erase(Name))
      return;
    std::vector<std::string> &Group = Groups[group(Name)];
    auto At = std::find(Group.begin(), Group.end(), Name);
    require(At != Group.end(), "each name is in its group");
    Group.erase(At);
    if (Group.empty())
      Groups.erase(group(Name));
  }

  /// A line for each name of the group, in order.
  std::string list(const std::string &Name) const {
    auto At = Groups.find(group(Name));
    if (At == Groups.end())
      return {};
    std::vector<std::string> Sorted = At->second;
    std::sort(Sorted.begin(), Sorted.end());
    std::string Lines;
    for (const std::string &Each : Sorted)
      Lines += Each + ": " + Texts.at(Each) + '\n';
    return Lines;
  }

  size_t size() const { return Texts.size(); }
  size_t grouped() const {
    size_t Sum = 0;
    for (const auto &[Name, Group] : Groups)
      Sum += Group.size();
    return Sum;
  }

private:
  static std::string group(const std::string &Name) {
    return "the group of names that end in " +
           Name.substr(Name.size() - std::min<size_t>(2, Name.size()));
  }

  std::unordered_map<std::string, std::string> Texts;
  std::map<std::string, std::vector<std::string>> Groups;
};

} // namespace

int main(int Count, char **Arguments) {
  long StepCount = Steps * argument(Count, Arguments, 1, 1);
  Index All;
  uint64_t Sum = 0;
  for (long I = 0; I < StepCount; ++I) {
    uint64_t R = draw(&Random);
    std::string Name = name(R % Names);
    switch ((R >> 32) % 8) {
    default:
      All.insert(Name, "text " + Name + " of " + std::to_string(R));
      break;
    case 0:
    case 1:
    case 2:
      All.erase(Name);
      break;
    case 3:
      Sum = Sum * 31 + hash(All.list(Name));
      break;
    }
  }
  require(All.size() == All.grouped(), "as many names in groups as texts");
  print_checksum(Sum + All.size());
  return 0;
}
