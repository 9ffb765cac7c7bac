// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one stack of 16 frames costs, by method: nanoseconds, smallest, median
// and largest of many samples. Build it with frame pointers, so that all
// methods see the same stack.

#include "unwind.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <execinfo.h>
#include <ucontext.h>
#include <vector>

using namespace heapfence;

namespace {

constexpr unsigned FrameCount = 16;

uintptr_t Pcs[FrameCount];
unsigned Got;

/// The registers of the function it is used in.
inline __attribute__((always_inline)) FrameRegisters captureHere() {
  // Through a pointer: gcc does not inline what calls getcontext by name.
  static int (*volatile const Capture)(ucontext_t *) = getcontext;
  ucontext_t Context;
  Capture(&Context);
  FrameRegisters Here = arch::registersOf(&Context);
  Here.Lr = 0;
  return Here;
}

/// Times `Walk`, `Walks` at a time with one reading of the clock.
template <typename F>
void measure(const char *Name, unsigned Samples, unsigned Walks, F Walk) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> Times;
  for (unsigned I = 0; I != Samples; ++I) {
    const auto Start = Clock::now();
    for (unsigned J = 0; J != Walks; ++J)
      Walk();
    const std::chrono::duration<double, std::nano> Time = Clock::now() - Start;
    Times.push_back(Time.count() / Walks);
  }
  std::sort(Times.begin(), Times.end());
  std::printf("%-20s %9.1f %9.1f %9.1f  (%u frames)\n", Name, Times.front(),
              Times[Times.size() / 2], Times.back(), Got);
}

void measureAll() {
  const FrameRegisters Here = captureHere();
  const auto Cfi = [&] {
    Got = unwindCfi(Here, stackBounds(Here.Sp), /*StartIsFault=*/false, Pcs,
                    FrameCount);
  };
  StackBounds Probed = stackBounds(Here.Sp);
  Probed.NeedsProbe = true;

  std::printf("%-20s %9s %9s %9s\n", "ns per walk", "min", "median", "max");
  measure("frame pointer", 2000, 100, [&] {
    Got = unwindFramePointers(Here, stackBounds(Here.Sp), Pcs, FrameCount);
  });
  measure("cfi, warm", 2000, 100, Cfi);
  measure("cfi, warm, probed", 2000, 100, [&] {
    Got = unwindCfi(Here, Probed, /*StartIsFault=*/false, Pcs, FrameCount);
  });
  measure("cfi, cold", 2000, 1, [&] {
    cfiCacheFlush();
    Cfi();
  });
  // glibc's backtrace is a thin loop around _Unwind_Backtrace.
  measure("_Unwind_Backtrace", 2000, 10, [] {
    void *Addresses[FrameCount];
    Got = backtrace(Addresses, FrameCount);
  });
}

/// Written after each call, so that no call becomes a jump.
volatile unsigned Returned;

/// A chain of different functions.
template <unsigned Depth> __attribute__((noinline)) void descend() {
  if constexpr (Depth == 0)
    measureAll();
  else
    descend<Depth - 1>();
  Returned = Depth;
}

} // namespace

int main() { descend<2 * FrameCount>(); }
