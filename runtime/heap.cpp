// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Heap operations on guarded objects.

#include "heap.h"
#include "choice.h"
#include "fault.h"
#include "real.h"
#include "runtime.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace heapfence {

namespace {

Pool &pool() { return TheRuntime.Objects; }

/// Marks that the runtime touches the program's memory for the program.
class AccessForCaller {
public:
  explicit AccessForCaller(const CallerFrame *Caller) {
    threadState().AccessFor = Caller;
  }
  ~AccessForCaller() { threadState().AccessFor = nullptr; }
};

void copyForCaller(void *To, const void *From, size_t Size, Origin Who) {
  AccessForCaller Mark(Who.Caller);
  memcpy(To, From, Size);
}

size_t smaller(size_t A, size_t B) { return A < B ? A : B; }

HeapFunction calleeOf(Origin From) {
  return From.Where ? From.Where->Callee : HeapFunction::Malloc;
}

/// Takes the live object at `P` away from everybody else, or reports.
/// Returns: its slot, or null after a report.
Slot *claimOrReport(void *P, Origin From) {
  uintptr_t Address = reinterpret_cast<uintptr_t>(P);
  ReleaseResult R = pool().claim(Address);
  if (R.Error == ReleaseError::None)
    return &pool().slot(R.Slot);
  reportBadFree(Address,
                R.Error == ReleaseError::DoubleFree ? ErrorKind::DoubleFree
                                                    : ErrorKind::InvalidFree,
                R.Slot, From);
  return nullptr;
}

void releaseClaimed(Slot &S, Origin From) {
  if (uintptr_t Changed = pool().findCorruption(S))
    reportCorruption(Changed, pool().indexOf(S), From);
  takeTrace(S.Release, From);
  TheRuntime.Sites.count(S.SiteIndex, &SiteCounts::Freed);
  pool().release(pool().indexOf(S));
}

} // namespace

size_t naturalAlignment(size_t Size) {
  // The largest power of two that is not above the size: no type of that size
  // needs more, and compilers assume no more of operator new.
  constexpr size_t MallocAlignment = 16;
  if (Size >= MallocAlignment || Size == 0)
    return MallocAlignment;
  return size_t(1) << (63 - __builtin_clzl(Size));
}

static void countRefused(Origin From) {
  const Site *S = From.ContextCount ? From.Contexts[0] : From.Where;
  if (SiteCounts *Counts = S ? TheRuntime.Sites.find(*S).Counts : nullptr)
    Counts->Refused.addRelaxed(1);
}

static void numberObject(Slot &Object, const Site &S) {
  SiteEntry E = TheRuntime.Sites.find(S);
  if (!E.Counts)
    return;
  Object.SiteIndex = E.Index;
  Object.SiteOrdinal = E.Counts->Guarded.addRelaxed(1) + 1;
}

void *allocateGuarded(size_t Size, size_t Alignment, Origin From) {
  if (From.Where) {
    size_t Promised = size_t(1) << From.Where->AlignLog2;
    Alignment = Alignment > Promised ? Alignment : Promised;
  }
  Slot *S = pool().take({Size, Alignment, calleeOf(From), nextRandom()});
  if (!S) {
    countRefused(From);
    return nullptr;
  }
  S->SiteIndex = NoSiteIndex;
  S->SiteOrdinal = 0;
  if (From.Where)
    numberObject(*S, *From.Where);
  // It is called by the outermost.
  for (unsigned I = From.ContextCount; I-- != 0;)
    numberObject(*S, *From.Contexts[I]);
  takeTrace(S->Allocation, From);
  pool().publish(*S);
  count(Counter::Guarded);
  return reinterpret_cast<void *>(S->Address);
}

bool freeGuarded(void *P, Origin From) {
  if (!isGuarded(P))
    return false;
  SpentTime Timer;
  int SavedErrno = errno;
  if (Slot *S = claimOrReport(P, From))
    releaseClaimed(*S, From);
  errno = SavedErrno;
  return true;
}

void *reallocGuarded(void *P, size_t Size, bool IsSampled, Origin From) {
  SpentTime Timer;
  if (P && Size == 0) {
    freeGuarded(P, From);
    return nullptr;
  }
  if (Size > PTRDIFF_MAX) {
    errno = ENOMEM;
    return nullptr;
  }
  // The old object must outlive a failure: the new one comes first.
  void *New = nullptr;
  if (IsSampled)
    New = allocateGuarded(Size, naturalAlignment(Size), From);
  if (!New)
    New = malloc(Size);
  if (!New || !P)
    return New;
  int SavedErrno = errno;
  if (Slot *S = claimOrReport(P, From)) {
    copyForCaller(New, P, smaller(S->Size, Size), From);
    releaseClaimed(*S, From);
  }
  errno = SavedErrno;
  return New;
}

void *reallocFromHeap(void *P, size_t Size, Origin From) {
  int SavedErrno = errno;
  size_t OldSize = real::UsableSize(P);
  void *New = nullptr;
  if (OldSize)
    New = allocateGuarded(Size, naturalAlignment(Size), From);
  if (New) {
    copyForCaller(New, P, smaller(OldSize, Size), From);
    real::Free(P);
  }
  errno = SavedErrno;
  return New;
}

bool isGuarded(const void *P) {
  return TheRuntime.isOn() && pool().owns(reinterpret_cast<uintptr_t>(P));
}

size_t guardedSize(const void *P) {
  uintptr_t Address = reinterpret_cast<uintptr_t>(P);
  Place At = pool().layout().locate(Address);
  if (At.Slot == NoSlot || At.Slot >= pool().slotCount())
    return 0;
  const Slot &S = pool().slot(At.Slot);
  bool IsLive = S.State.loadAcquire() == SlotState::Live;
  return IsLive && S.Address == Address ? S.Size : 0;
}

} // namespace heapfence
