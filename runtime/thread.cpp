// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Per-thread state.

#include "thread.h"
#include "sync.h"

// Instrumented executables define it too; the linker or the loader keeps one.
extern "C" __attribute__((
    weak, visibility("default"))) __thread int32_t __heapfence_countdown = 0;

namespace heapfence {

static __thread ThreadState State __attribute__((tls_model("initial-exec")));

static Atomic<uint32_t> ThreadCount;
static Atomic<uint64_t> ProcessSeed;

ThreadState &threadState() { return State; }

uint32_t threadNumber() {
  if (!State.Number)
    State.Number = ThreadCount.addRelaxed(1) + 1;
  return State.Number - 1;
}

const uint32_t *threadCountCell() { return ThreadCount.cell(); }

/// A bijection that spreads its input over all bits (the finalizer of
/// splitmix64, Steele, Lea and Flood 2014).
static uint64_t mix(uint64_t X) {
  X = (X ^ (X >> 30)) * 0xbf58476d1ce4e5b9;
  X = (X ^ (X >> 27)) * 0x94d049bb133111eb;
  return X ^ (X >> 31);
}

uint64_t nextRandom() {
  // Threads differ by their numbers, so a pinned seed gives the same draws in
  // each run as long as threads first allocate in the same order.
  if (!State.Random)
    State.Random = mix(ProcessSeed.loadRelaxed() + threadNumber()) | 1;
  State.Random += 0x9e3779b97f4a7c15;
  return mix(State.Random);
}

void seedRandom(uint64_t Seed) {
  ProcessSeed.storeRelaxed(mix(Seed));
  State.Random = 0;
}

} // namespace heapfence
