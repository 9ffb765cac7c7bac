// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime keeps for each thread: the only thread-local state.
// Called from: slow path, signal handler.

#ifndef HEAPFENCE_THREAD_H
#define HEAPFENCE_THREAD_H

#include "arch.h"
#include "heapfence/abi.h"

/// The countdown of the calling thread; the guards in instrumented code
/// subtract from it, the sampler refills it.
extern "C" __thread int32_t __heapfence_countdown
    __attribute__((tls_model("initial-exec"), visibility("default")));

namespace heapfence {

/// The next allocation of the thread is to be guarded: for a context that was
/// chosen, or because the program asked for it.
struct Arm {
  bool IsSet;
  bool IsLight;      ///< It is to be guarded lightly.
  int32_t Countdown; ///< The thread's, to be restored.
  /// The context, and those entered within it, outermost first; none: the
  /// allocation's own site. Of very many the inner ones are left out.
  static constexpr unsigned MaxContexts = 6;
  const Site *For[MaxContexts];
  unsigned Depth; ///< How many were entered.
  /// The context's frame: the arm is stale once the stack is not below it, as
  /// after an exception or longjmp.
  uintptr_t Frame;
};

struct ThreadState {
  uint64_t Random;   ///< State of the generator; 0: not seeded.
  uint32_t Number;   ///< 1 more than the N of "thread TN"; 0: not numbered.
  bool HasCountdown; ///< The sampler has set the thread's first countdown.
  bool IsReporting;  ///< In the fault handler or a report.
  bool IsOptedOut;   ///< The program asked to leave the thread alone.
  Arm Armed;
  /// A frame on the slow path, whose time is being taken; 0: there is none.
  uintptr_t TimedFrame;
  /// Interval sampling: when the thread last looked at the clock (ns; 0: no
  /// pace is known), and the countdown it chose.
  uint64_t LastLookNs;
  uint32_t LastStep;
  /// Plain sampling: what is left of the gap behind the countdown.
  uint32_t PlainRest;
  /// Trips at open branches that were not sampled: until they are counted, and
  /// how many those will be.
  uint32_t VainLeft, VainCount;
  /// The number of the execution of the site that was last chosen; 0: not
  /// known.
  uint32_t Execution;
  /// Buffers that were looked at since their time was last taken.
  uint32_t BufferChecks;
  /// While the runtime touches the program's memory on its behalf (strdup,
  /// realloc): whose access a fault then is. Else null.
  const CallerFrame *AccessFor;
};

/// Zero-initialised, no constructor or destructor: usable from the thread's
/// first instruction to its last.
/// Signal-safety: safe.
ThreadState &threadState();

/// N of "thread TN": 0 for the thread that started the runtime, then in the
/// order of first use.
/// Signal-safety: safe.
uint32_t threadNumber();

/// How many threads have a number, for who reads it from outside.
const uint32_t *threadCountCell();

/// The next draw of the thread's generator.
uint64_t nextRandom();

/// Starts all generators anew from `Seed`; the calling thread's at once, those
/// of others when they first draw.
void seedRandom(uint64_t Seed);

} // namespace heapfence

#endif // HEAPFENCE_THREAD_H
