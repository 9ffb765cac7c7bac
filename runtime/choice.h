// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether an allocation is guarded, and on whose behalf: puts together the
// sampler, the time there is, and what was armed.
// Called from: slow path.

#ifndef HEAPFENCE_CHOICE_H
#define HEAPFENCE_CHOICE_H

#include "governor.h"
#include "thread.h"

namespace heapfence {

struct Choice {
  Guarding How;
  /// The contexts it is for, outermost first; none: the site itself.
  unsigned ForCount;
  const Site *For[Arm::MaxContexts];
};

/// For a site with a branch: does what the code of others does by itself,
/// subtracts the weight from the thread's countdown.
/// Returns: true if that is below zero: the execution of `S` is to be judged.
/// Thread-safety: safe. Signal-safety: safe. Cost: a few ns.
bool countDown(const Site &S);

/// Judges an execution of `S`, as below, where that takes no thought: the
/// thread is new, or there is no time for anything. Then sets the countdown
/// anew, and touches as little memory as can be: a forked child has to copy it.
/// Returns: true if so; `S` is not sampled.
/// Thread-safety: safe. Signal-safety: safe. Cost: some 20 ns.
bool isRefusedAtOnce(const Site &S);

/// Judges an execution of allocation site `S` whose guard took the thread's
/// countdown below zero, and sets the countdown anew.
/// Thread-safety: safe. Signal-safety: safe.
Choice choose(const Site &S);

/// The same for context `S`. If it is sampled, or within one that is, the next
/// allocation of the thread is chosen on its behalf, as long as the stack is
/// below `Frame`.
/// Returns: true if so: `disarmContext` must be called when it is left.
bool armContext(const Site &S, uintptr_t Frame);

/// Ends what `armContext` began, if no allocation did.
void disarmContext();

/// The thread's next allocation is chosen, whatever the mode.
void armNext();

/// Earns what the CPU time since the last refill is worth, and lets refused
/// sites ask again if there is plenty.
void refillBudget();

/// Takes the time of the slow path for the budget, for as long as it lives. A
/// second one inside it does nothing.
class SpentTime {
public:
  SpentTime();
  ~SpentTime();

private:
  uint64_t Begin;
  bool IsOutermost;
};

} // namespace heapfence

#endif // HEAPFENCE_CHOICE_H
