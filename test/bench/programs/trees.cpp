// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds and drops binary trees: many small ones, fewer large ones, beside one
// that stays and has branches pruned and grown again.
//   trees SCALE
#include "work.h"

namespace {

constexpr int LeastDepth = 4, MostDepth = 12, StayingDepth = 15;

struct Node {
  Node(int Depth, uint64_t Value)
      : Left(Depth ? new Node(Depth - 1, Value * 2) : nullptr),
        Right(Depth ? new Node(Depth - 1, Value * 2 + 1) : nullptr),
        Value(Value) {}
  ~Node() {
    delete Left;
    delete Right;
  }

  /// Of the values, each times its depth.
  uint64_t sum(uint64_t Depth = 1) const {
    return Value * Depth + (Left ? Left->sum(Depth + 1) : 0) +
           (Right ? Right->sum(Depth + 1) : 0);
  }
  long count() const { return 1 + (Left ? Left->count() + Right->count() : 0); }

  Node *Left, *Right;
  uint64_t Value;
};

uint64_t buildAndDrop(int Depth, uint64_t Value) {
  Node *Tree = new Node(Depth, Value);
  require(Tree->count() == (2L << Depth) - 1, "a tree has all its nodes");
  uint64_t Sum = Tree->sum();
  delete Tree;
  return Sum;
}

void pruneAndGrow(Node *Tree, uint64_t Way) {
  int Depth = StayingDepth;
  Node **Branch = &Tree;
  while (Depth > LeastDepth + static_cast<int>(Way >> 60) / 4) {
    Branch = Way & 1 ? &(*Branch)->Left : &(*Branch)->Right;
    Way >>= 1;
    --Depth;
  }
  uint64_t Value = (*Branch)->Value + 1;
  delete *Branch;
  *Branch = new Node(Depth, Value);
}

} // namespace

int main(int Count, char **Arguments) {
  long Rounds = argument(Count, Arguments, 1, 1);
  uint64_t Random = 1, Sum = 0;
  Node *Staying = new Node(StayingDepth, 1);
  for (long Round = 0; Round < Rounds; ++Round)
    for (int Depth = LeastDepth; Depth <= MostDepth; Depth += 2)
      for (int I = 0; I < 1 << (MostDepth - Depth); ++I) {
        Sum = Sum * 31 + buildAndDrop(Depth, draw(&Random));
        if (I % 8 == 0)
          pruneAndGrow(Staying, draw(&Random));
      }
  require(Staying->count() == (2L << StayingDepth) - 1, "all branches grew");
  Sum += Staying->sum();
  delete Staying;
  print_checksum(Sum);
  return 0;
}
