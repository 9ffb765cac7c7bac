// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The process's one runtime: its parts, and whether it is on.

#ifndef HEAPFENCE_RUNTIME_H
#define HEAPFENCE_RUNTIME_H

#include "arch.h"
#include "budget.h"
#include "gates.h"
#include "options.h"
#include "pool.h"
#include "sampler.h"
#include "sites.h"
#include "stack_excerpt.h"

namespace heapfence {

/// Zero-initialised: Starting, which guards nothing.
enum class RunState : uint8_t {
  Starting, ///< Not yet decided: calls before the first constructor.
  On,
  Off, ///< For good: switched off, or stood down.
};

struct Runtime {
  /// Release once the other members are complete; acquire before their use.
  Atomic<RunState> State;
  /// Objects of operator new too: the program's operators are the usual ones.
  bool OwnsCxx = false;
  /// Each execution of the sites that are sampled at all is seen, and always
  /// was: `SiteCounts::Executed` is right.
  Atomic<bool> CountsExecutions;
  /// What a fork was begun with, for its end.
  struct {
    bool IsPoolLocked, AreBranchesLocked;
    bool IsChildTicked; ///< Whether the child will have a ticker.
  } Fork = {};
  Budget Time;
  Sampler Sampling;
  Pool Objects;
  SiteRegistry Sites;
  KnownCode Code; ///< As of when a module last registered.
  Gates Branches;

  /// What there is of what guarding takes.
  Supply supply() const;

  bool isOn() const { return State.loadAcquire() == RunState::On; }
};

// Hidden where they are declared, so that no other object file goes through
// the global offset table for them.
#pragma GCC visibility push(hidden)

/// All zero before it is started: it takes no room in the program's file.
extern Runtime TheRuntime;

/// As HEAPFENCE_OPTIONS says; constant once the runtime is on.
extern Options TheOptions;

/// `Address >> WindowLog2` of every guarded object; `NoWindow` while there is
/// none. The first test of every interposed function.
extern uintptr_t TheWindow;

#pragma GCC visibility pop

/// Tags apart. True also of some that are no addresses: `isGuarded` is exact.
inline bool isInWindow(const void *P) {
  uintptr_t Address = reinterpret_cast<uintptr_t>(P);
  return __builtin_expect(!(Address & arch::OutsideBit), false) &&
         __builtin_expect((Address & arch::InsideBit) == arch::InsideBit,
                          false) &&
         __builtin_expect(arch::windowOf(Address) ==
                              decltype(arch::windowOf(0))(TheWindow),
                          false);
}

} // namespace heapfence

#endif // HEAPFENCE_RUNTIME_H
