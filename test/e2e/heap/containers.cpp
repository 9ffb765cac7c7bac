// If this fails, ordinary C++ code does not run as it should when everything is
// guarded.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left:sample_every=3 %run %t 2>&1 | %check %s
// RUN: %clangxx -Os -std=c++20 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

int main() {
  std::map<std::string, std::vector<std::unique_ptr<int>>> Groups;
  for (int I = 0; I != 300; ++I)
    Groups["group number " + std::to_string(I % 7)].push_back(
        std::make_unique<int>(I));
  std::vector<std::function<int()>> Sums;
  for (auto &Group : Groups)
    Sums.push_back([&G = Group.second, Copy = Group.first] {
      int Sum = 0;
      for (auto &P : G)
        Sum += *P;
      return Sum + int(Copy.size());
    });
  int Total = 0;
  for (auto &Sum : Sums)
    Total += Sum();
  auto Shared = std::make_shared<std::string>(100, 'x');
  std::weak_ptr<std::string> Weak = Shared;
  Shared.reset();
  std::printf("total %d, expired %d\n", Total, Weak.expired());
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}total 44948, expired 1
