// Deallocations of every kind the compiler makes of C++: many in a function, in
// loops, in tail position, in cleanups, inlined.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct Node {
  std::unique_ptr<Node> Left, Right;
  std::string Name;
  char *Buffer = nullptr;
  ~Node() {
    std::free(Buffer);
    delete[] Extra;
  }
  int *Extra = nullptr;
};

static std::unique_ptr<Node> grow(int Depth) {
  if (!Depth)
    return nullptr;
  auto N = std::make_unique<Node>();
  N->Left = grow(Depth - 1);
  N->Right = grow(Depth - 1);
  N->Name = std::string(Depth * 9, 'n');
  N->Buffer = static_cast<char *>(std::malloc(Depth));
  N->Extra = new int[Depth];
  return N;
}

struct alignas(64) Wide {
  double Values[16];
};

/// Not a lambda: the GNU assembler cannot link a section to its symbol.
struct SizeOf {
  std::vector<Wide> Wides;
  double operator()() const { return double(Wides.size()) + Wides.capacity(); }
};

int main(int Argc, char **) {
  std::map<std::string, std::vector<std::string>> Words;
  std::unordered_map<int, std::shared_ptr<Node>> Trees;
  std::deque<std::function<double()>> Work;
  for (int I = 0; I != 20 * Argc; ++I) {
    Words[std::to_string(I % 7) + " is the key"].push_back("the value is long");
    Trees[I % 5] = grow(I % 6);
    std::vector<Wide> Wides(I);
    Work.push_back(SizeOf{Wides});
  }
  double Sum = 0;
  for (auto &W : Work) {
    Sum += W() / 1e3;
    delete new (std::align_val_t(128)) char;
  }
  try {
    std::vector<std::string> Half(10, "a string too long to be in place");
    if (Half.at(Argc + 10).empty())
      return 1;
  } catch (const std::exception &) {
    Sum += 1;
  }
  std::printf("containers: %zu %zu %.1f\n", Words.size(), Trees.size(), Sum);
}
