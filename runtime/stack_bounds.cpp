// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What may be read of the stack that a pointer points into.
// Called from: slow path of sampled allocations, signal handler.

#include "stack_bounds.h"

#include "pages.h"
#include "sync.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace heapfence {
namespace {

constexpr uintptr_t WordSize = sizeof(uintptr_t);

} // namespace

bool isStackReadable(uintptr_t Address) noexcept {
  return isReadable(probedPage(Address));
}

namespace {

/// The calling thread's own stack, as far as it has been looked at. A signal
/// handler may interrupt its update at any point: each field by itself is
/// valid at all times, and the work at most done twice.
struct OwnStack {
  uintptr_t Top;         ///< 0: not determined yet.
  uintptr_t ReadableLow; ///< All pages from here to Top can be read.
  bool HasEnded;         ///< The page below ReadableLow cannot.
};

constinit thread_local OwnStack Own
    __attribute__((tls_model("initial-exec"))) = {};

/// An address close to the stack's top, above all frames. The kernel puts the
/// random bytes above the initial thread's first frame; the C library puts the
/// thread descriptor at the top of all other stacks.
uintptr_t findOwnTop() {
  const bool IsInitialThread = syscall(SYS_gettid) == getpid();
  const uintptr_t Top = IsInitialThread
                            ? static_cast<uintptr_t>(getauxval(AT_RANDOM))
                            : reinterpret_cast<uintptr_t>(
                                  reinterpret_cast<void *>(pthread_self()));
  return Top & ~(WordSize - 1);
}

/// Extends what is known to be readable down to `Sp`, at most a few pages at a
/// time. A stack stays readable while its thread lives, so each page is probed
/// once; a fiber's stack below it is kept apart by the guard page.
/// Returns: whether all from `Sp` to the top can be read.
bool extendOwnStack(uintptr_t Sp) {
  constexpr unsigned MaxProbes = 64;
  for (unsigned I = 0; I != MaxProbes && Sp < Own.ReadableLow; ++I) {
    const uintptr_t Page = probedPage(Own.ReadableLow - 1);
    if (Own.HasEnded || !isStackReadable(Page)) {
      Own.HasEnded = true;
      return false;
    }
    Own.ReadableLow = Page;
  }
  return Sp >= Own.ReadableLow;
}

} // namespace

StackBounds stackBounds(uintptr_t Sp) noexcept {
  // Beyond these sizes, `Sp` is on some other stack; of that one, a garbage
  // pointer shall not lead far away.
  constexpr uintptr_t MaxOwnSize = 64 << 20;
  constexpr uintptr_t MaxOtherSize = 8 << 20;
  if (Own.Top == 0) {
    Own.ReadableLow = findOwnTop();
    // A signal handler that sees Top must see ReadableLow.
    __atomic_signal_fence(__ATOMIC_RELEASE);
    Own.Top = Own.ReadableLow;
  }
  const uintptr_t Low = Sp & ~(WordSize - 1);
  if (Low < Own.Top && Own.Top - Low < MaxOwnSize)
    return {Low, Own.Top, /*NeedsProbe=*/!extendOwnStack(Low)};
  const uintptr_t Left = ~uintptr_t(0) - Low;
  return {Low, Low + (Left < MaxOtherSize ? Left : MaxOtherSize),
          /*NeedsProbe=*/true};
}

} // namespace heapfence
