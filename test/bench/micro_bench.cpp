// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A malloc and free pair below 16 frames of stack, by one thread and by eight:
// what test/bench/micro builds plain and instrumented.

#include "heapfence/heapfence.h"

#include <array>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <cstdlib>
#include <execinfo.h>
#include <utility>

namespace {

constexpr int FrameCount = 16;
constexpr size_t ObjectSize = 64;
/// More than HeapFence has slots of one page, so that all that is measured are
/// reused ones.
constexpr int WarmingPairs = 5000;

/// Both tools put a guarded object at one end of its page. An object of the
/// heap that lies there by chance does so in all rounds of a process: it shows.
bool isGuarded(const void *P) {
  if (heapfence_is_guarded)
    return heapfence_is_guarded(P);
  constexpr uintptr_t PageSize = 4096;
  uintptr_t Begin = reinterpret_cast<uintptr_t>(P);
  return Begin % PageSize == 0 || (Begin + ObjectSize) % PageSize == 0;
}

/// Returns: whether the object was guarded.
bool pair() {
  char *P = static_cast<char *>(malloc(ObjectSize));
  *P = 1;
  benchmark::DoNotOptimize(P);
  bool WasGuarded = isGuarded(P);
  free(P);
  return WasGuarded;
}

bool warmUp() {
  for (int I = 0; I != WarmingPairs; ++I)
    pair();
  return true;
}

void runPairs(benchmark::State &State) {
  [[maybe_unused]] static const bool IsWarm = warmUp();
  uint64_t Guarded = 0;
  for (auto _ : State)
    Guarded += pair();
  using benchmark::Counter;
  auto Total = static_cast<double>(State.iterations());
  auto Count = static_cast<double>(Guarded);
  State.counters["pairs"] = Counter(Total, Counter::kIsRate);
  State.counters["guarded"] = Counter(Count, Counter::kIsRate);
}

/// Written after each call, so that no call becomes a jump.
volatile int Returned;

/// A chain of different functions.
template <size_t Depth>
__attribute__((noinline)) void descend(benchmark::State &State) {
  if constexpr (Depth == 0)
    runPairs(State);
  else
    descend<Depth - 1>(State);
  Returned = Depth;
}

template <size_t... Depths>
constexpr auto chains(std::index_sequence<Depths...>) {
  return std::array{descend<Depths>...};
}

void below16Frames(benchmark::State &State) {
  void *Frames[FrameCount];
  // Those of glibc, the benchmark library and this function; the last of the
  // chain is one more.
  int Depth = FrameCount - backtrace(Frames, FrameCount) - 1;
  static constexpr auto Chains = chains(std::make_index_sequence<FrameCount>{});
  Chains[static_cast<size_t>(Depth > 0 ? Depth : 0)](State);
}

BENCHMARK(below16Frames)->UseRealTime()->Threads(1)->Threads(8);

} // namespace

BENCHMARK_MAIN();
