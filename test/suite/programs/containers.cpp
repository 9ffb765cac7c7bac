// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the containers of the C++ library allocate, used too late or too far.

#include "suite.h"

#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

//=== read-past.container.vector-data
// EXPECT READ heap-buffer-overflow with placement=right
PROGRAM(read_past_container_vector_data) {
  std::vector<int> V(16, 1); // ALLOC
  keep(V.data());
  sink = V.data()[bug ? 16 : 15]; // BUG
}

//=== read-past.container.vector-index
// EXPECT READ heap-buffer-overflow with placement=right
PROGRAM(read_past_container_vector_index) {
  std::vector<long> V(8, 1); // ALLOC
  keep(V.data());
  unsigned Last = V.size() - !bug;
  sink = int(V[Last]); // BUG
}

//=== write-past.container.vector-loop
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_container_vector_loop) {
  std::vector<long> V(8); // ALLOC
  for (unsigned I = 0; I <= 7u + bug; ++I)
    V[I] = I; // BUG
  keep(V.data());
} // FREE

//=== read-before.container.vector-back-of-empty
// EXPECT READ heap-buffer-underflow with placement=left
PROGRAM(read_before_container_vector_back_of_empty) {
  std::vector<int> V(64, 1); // ALLOC
  keep(V.data());
  if (bug)
    V.clear();
  sink = V.back(); // BUG
}

//=== read-freed.container.vector-iterator
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_container_vector_iterator) {
  std::vector<int> V(4, 1); // ALLOC
  auto First = V.begin();
  V.push_back(2); // FREE
  if (!bug)
    First = V.begin();
  keep(V.data());
  sink = *First; // BUG
}

//=== write-freed.container.vector-reference
// EXPECT WRITE heap-use-after-free
PROGRAM(write_freed_container_vector_reference) {
  std::vector<int> V(4, 1); // ALLOC
  int *Old = &V[0];
  V.reserve(100); // FREE
  if (!bug)
    Old = &V[0];
  *Old = 3; // BUG
  keep(V.data());
}

//=== read-freed.container.span-of-temporary
// EXPECT READ heap-use-after-free
static NOINLINE std::span<const int> view(const std::vector<int> &V) {
  return {V.data(), V.size()};
}
PROGRAM(read_freed_container_span_of_temporary) {
  std::vector<int> Kept(10, 1);
  std::span<const int> S = view(Kept);
  if (bug)
    S = view(std::vector<int>(20, 2)); // ALLOC FREE
  sink = S[3]; // BUG
}

//=== read-freed.container.map-iterator
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_container_map_iterator) {
  std::map<int, int> M;
  M[1] = 10; // ALLOC
  auto At = M.find(1);
  if (bug)
    M.erase(At); // FREE
  sink = At->second; // BUG
}

//=== write-freed.container.unordered-map-value
// EXPECT WRITE heap-use-after-free
PROGRAM(write_freed_container_unordered_map_value) {
  std::unordered_map<int, int> M;
  int &Value = M[5]; // ALLOC
  if (bug)
    M.clear(); // FREE
  Value = 3; // BUG
  keep(&M);
}

//=== read-freed.container.list-front
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_container_list_front) {
  std::list<int> L;
  L.push_back(1); // ALLOC
  int &Front = L.front();
  keep(&L);
  if (bug)
    L.pop_front(); // FREE
  sink = Front; // BUG
}

//=== read-freed.container.deque-reference
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_container_deque_reference) {
  int *Last;
  std::deque<int> Other(1, 1);
  {
    std::deque<int> D(5, 1); // ALLOC
    Last = &D.back();
    if (!bug)
      Last = &Other.back();
    keep(&D);
  } // FREE
  sink = *Last; // BUG
}

static std::string text() {
  std::string S(50, 'x');
  keep(S.data());
  return S;
}

//=== read-freed.string.view-of-temporary
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_string_view_of_temporary) {
  std::string Kept = text();
  std::string_view View = Kept;
  if (bug) {
    std::string Other(60, 'y'); // ALLOC
    keep(Other.data());
    View = Other;
  } // FREE
  sink = View[7]; // BUG
}

//=== read-freed.string.c_str-after-growth
// EXPECT READ heap-use-after-free
PROGRAM(read_freed_string_c_str_after_growth) {
  std::string S(40, 'x'); // ALLOC
  const char *Old = S.c_str();
  S.append(1000, 'y'); // FREE
  if (!bug)
    Old = S.c_str();
  keep(S.data());
  sink = Old[10]; // BUG
}

//=== write-past.string.data
// EXPECT WRITE heap-buffer-overflow or heap-corruption
PROGRAM(write_past_string_data) {
  std::string S(47, 'x'); // ALLOC
  char *P = S.data();
  keep(P);
  for (int I = 0; I != (bug ? 52 : 47); ++I)
    P[I] = char(I); // BUG
  keep(P);
} // FREE

//=== read-past.container.sort-with-a-bad-order
// EXPECT READ heap-buffer-overflow with placement=right
PROGRAM(read_past_container_sort_with_a_bad_order) {
  std::vector<long> V(16, 1); // ALLOC
  keep(V.data());
  // Past the end of a range that is one too long.
  auto End = V.begin() + (bug ? 17 : 16);
  sink = int(*std::max_element(V.begin(), End)); // BUG
}
