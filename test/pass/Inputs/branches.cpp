// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Allocations of many forms, and what makes a compiler copy code.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

struct Node {
  std::unique_ptr<Node> Next;
  std::string Text;
};

template <int N> __attribute__((noinline)) void *sized(int Kind) {
  switch (Kind) {
  case 0:
    return malloc(N);
  case 1:
    return calloc(N, 2);
  case 2:
    return realloc(nullptr, N);
  case 3:
    return strdup("text of some length");
  default:
    return nullptr;
  }
}

int main(int argc, char **) {
  std::vector<std::unique_ptr<Node>> All;
  for (int I = 0; I != 100 + argc; ++I) {
    auto N = std::make_unique<Node>();
    N->Next = std::make_unique<Node>();
    N->Next->Text = std::string(100 + I, 'x');
    try {
      N->Text.reserve(I == 50 ? N->Text.max_size() + 1 : 64);
    } catch (const std::exception &) {
      N->Text = "thrown" + std::string(64, 'y');
    }
    All.push_back(std::move(N));
  }
  for (int K = 0; K != 5; ++K)
    for (int I = 0; I != 4; ++I) {
      free(sized<1>(K));
      free(sized<24>(K));
      free(sized<5000>(K));
    }
  size_t Length = 0;
  for (auto &N : All)
    Length += N->Text.size() + N->Next->Text.size();
  return Length > 10000 ? 0 : 1;
}
