// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The check between the interposed free and the real one.

#include "free_check.h"
#include "fault.h"
#include "modules.h"
#include "real.h"
#include "sync.h"

#include <errno.h>

namespace heapfence {

namespace {

void (*Next)(void *);

/// Why no allocator can have given `P`; null: one may have.
const char *whyForeign(const void *P, uintptr_t Sp) {
  uintptr_t Address = reinterpret_cast<uintptr_t>(P);
  // What the least alignment of small objects is, of all allocators.
  constexpr uintptr_t LeastAlignment = 8;
  if (Address % LeastAlignment)
    return "aligned as no object of the heap is";
  StackBounds Stack = stackBounds(Sp);
  if (!Stack.NeedsProbe && Address - Stack.Low < Stack.High - Stack.Low)
    return "on the thread's stack";
  LoadedObject O;
  if (findObject(Address, O))
    return "in the static memory of the program or a library";
  return nullptr;
}

/// True for the first error of a call that returns to `Pc`, as far as is
/// remembered: a loop shall not report for ever.
bool isFirstOf(uintptr_t Pc) {
  constexpr unsigned CountLog2 = 8;
  static Atomic<uintptr_t> Reported[1 << CountLog2];
  constexpr uint64_t Spread = 0x9e3779b97f4a7c15;
  return Reported[(Pc * Spread) >> (64 - CountLog2)].exchangeAcqRel(Pc) != Pc;
}

/// Reached by a jump from the interposed functions: the frame record is that of
/// who called them.
void checkedFree(void *P) {
  const auto *Caller =
      static_cast<const CallerFrame *>(__builtin_frame_address(0));
  const char *Why = P ? whyForeign(P, arch::registersOf(*Caller).Sp) : nullptr;
  if (!Why)
    return Next(P);
  int SavedErrno = errno;
  if (isFirstOf(Caller->Pc))
    reportForeignFree(reinterpret_cast<uintptr_t>(P), Why, {nullptr, Caller});
  errno = SavedErrno;
}

} // namespace

void checkFrees() {
  Next = real::Free;
  real::Free = checkedFree;
}

} // namespace heapfence
