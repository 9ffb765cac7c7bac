// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Heap operations on guarded objects.

#include "heap.h"
#include "choice.h"
#include "fault.h"
#include "free_check.h"
#include "real.h"
#include "runtime.h"
#include "sweep.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace heapfence {

namespace {

Pool &pool() { return TheRuntime.Objects; }

/// Beyond it, objects are charged by their size. What a page of one takes in
/// all, of which the slow path sees little: the fault at its first touch, and
/// closing it; and what copying it takes.
constexpr size_t LargeSize = 64 * 1024;
constexpr uint64_t LargePageNs = 1800, LargePageCopyNs = 300;

uint64_t pagesOf(size_t Size) { return Size / pool().layout().pageSize(); }

void copyForCaller(void *To, const void *From, size_t Size, Origin Who) {
  AccessForCaller Mark(Who.Caller);
  memcpy(To, From, Size);
  // It cannot be refused, and a trip that long is taken for an interrupted one.
  if (Size > LargeSize)
    TheRuntime.Time.chargeCpu(pagesOf(Size) * LargePageCopyNs);
}

size_t smaller(size_t A, size_t B) { return A < B ? A : B; }

HeapFunction calleeOf(Origin From) {
  return From.Where ? From.Where->Callee : HeapFunction::Malloc;
}

/// Takes the live object at `P` away from everybody else, or reports.
/// Returns: its slot, or null after a report.
Slot *claimOrReport(void *P, Deallocation By, Origin From) {
  ReleaseResult R = pool().claim(arch::untagged(P));
  if (R.Error == ReleaseError::None) {
    judgeDeallocation(P, R.Slot, By, From);
    return &pool().slot(R.Slot);
  }
  reportBadFree(P,
                R.Error == ReleaseError::DoubleFree ? ErrorKind::DoubleFree
                                                    : ErrorKind::InvalidFree,
                R.Slot, By, From);
  return nullptr;
}

/// How many rules a stack may look up: none when there is little time, so that
/// it goes to objects; all where nobody asks for time.
unsigned maxLookups() {
  if (!TheRuntime.Sampling.isGoverned())
    return MaxTraceFrames;
  const Budget &Time = TheRuntime.Time;
  return Time.level() > Time.capacity() / 4 ? 2 : 0;
}

void releaseClaimed(Slot &S, Origin From) {
  if (uintptr_t Changed = pool().findCorruption(S))
    reportCorruption(Changed, pool().indexOf(S), From);
  takeTrace(S.Release, maxLookups(), From);
  TheRuntime.Sites.count(S.SiteIndex, &SiteCounts::Freed);
  pool().release(pool().indexOf(S));
}

size_t larger(size_t A, size_t B) { return A < B ? B : A; }

/// Takes the time for an object beyond `LargeSize`. Returns: false if there is
/// not so much.
bool takeTimeForLarge(size_t Size) {
  Budget &Time = TheRuntime.Time;
  uint64_t Ns = pagesOf(Size) * LargePageNs;
  bool HasTime = Time.level() > static_cast<int64_t>(Time.cyclesOf(Ns));
  if (!HasTime && TheRuntime.Sampling.isGoverned())
    return false;
  Time.chargeCpu(Ns);
  return true;
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

static void countRefused(Guarding How, size_t Size, Origin From) {
  const Site *S = From.ContextCount ? From.Contexts[0] : From.Where;
  if (!S)
    return;
  if (SiteCounts *Counts = TheRuntime.Sites.find(*S).Counts)
    Counts->Refused.addRelaxed(1);
  // Its objects may all be too large: it shall not ask each time.
  if (How == Guarding::Light || Size > LargeSize)
    TheRuntime.Sampling.sampledInVain(*S);
}

static void numberObject(Slot &Object, const Site &S) {
  SiteEntry E = TheRuntime.Sites.find(S);
  if (!E.Counts)
    return;
  Object.SiteIndex = E.Index;
  Object.SiteOrdinal = E.Counts->Guarded.addRelaxed(1) + 1;
  if (isLight(Object))
    E.Counts->Light.addRelaxed(1);
}

/// A draw for the side of the object, odd for the right one: seven in eight to
/// where its code, or that of the innermost context that tells, would leave it.
static uint64_t sideOf(Origin From) {
  constexpr uint8_t Sides = SiteGrowsUp | SiteReachesDown;
  uint8_t Wanted = From.Where ? From.Where->Flags & Sides : 0;
  for (unsigned I = From.ContextCount; !Wanted && I-- != 0;)
    Wanted = From.Contexts[I]->Flags & Sides;
  uint64_t Draw = nextRandom();
  if (!Wanted)
    return Draw;
  bool IsRight = (Wanted == SiteGrowsUp) == ((Draw >> 1 & 7) != 0);
  return (Draw & ~uint64_t(1)) | IsRight;
}

void *allocateGuarded(size_t Size, size_t Told, Guarding How, Origin From) {
  const Site *Where = From.Where;
  bool IsBytes = Where && (Where->Flags & SiteIsBytes);
  size_t Alignment = larger(Told, IsBytes ? 1 : naturalAlignment(Size));
  if (Where)
    Alignment = larger(Alignment, size_t(1) << Where->AlignLog2);
  bool IsLight = How == Guarding::Light;
  if (!IsLight && Size > LargeSize && Size <= MaxObjectSize &&
      !takeTimeForLarge(Size)) {
    count(Counter::RefusedTime);
    countRefused(How, Size, From);
    return nullptr;
  }
  TakenSlot Result =
      pool().take({Size, Alignment, calleeOf(From), sideOf(From), IsLight});
  if (Result.Corrupt != NoSlot)
    reportCorruption(Result.Changed, Result.Corrupt, From);
  Slot *S = Result.Taken;
  if (!S) {
    countRefused(How, Size, From);
    return nullptr;
  }
  S->AlignLog2 = Told ? static_cast<uint8_t>(__builtin_ctzl(Told)) : 0;
  S->SiteIndex = NoSiteIndex;
  S->SiteOrdinal = 0;
  S->Execution = threadState().Execution;
  if (From.Where)
    numberObject(*S, *From.Where);
  // It is called by the outermost.
  for (unsigned I = From.ContextCount; I-- != 0;)
    numberObject(*S, *From.Contexts[I]);
  takeTrace(S->Allocation, maxLookups(), From);
  pool().publish(*S);
  sweepIfDue(From);
  count(Counter::Guarded);
  if (IsLight)
    count(Counter::Light);
  return reinterpret_cast<void *>(S->Address);
}

bool freeGuarded(void *P, Deallocation By, Origin From) {
  if (!isGuarded(P))
    return false;
  SpentTime Timer;
  int SavedErrno = errno;
  if (Slot *S = claimOrReport(P, By, From))
    releaseClaimed(*S, From);
  errno = SavedErrno;
  return true;
}

void *reallocGuarded(void *P, size_t Size, Guarding How, Origin From) {
  SpentTime Timer;
  if (P && Size == 0) {
    freeGuarded(P, {HeapFunction::Realloc}, From);
    return nullptr;
  }
  if (Size > PTRDIFF_MAX) {
    errno = ENOMEM;
    return nullptr;
  }
  // The old object must outlive a failure: the new one comes first.
  void *New = nullptr;
  // A large block that grows is not dragged through the pool.
  if (How != Guarding::None &&
      !(P && Size > LargeSize && TheRuntime.Sampling.isGoverned()))
    New = allocateGuarded(Size, 0, How, From);
  if (!New)
    New = malloc(Size);
  if (!New || !P)
    return New;
  int SavedErrno = errno;
  if (Slot *S = claimOrReport(P, {HeapFunction::Realloc}, From)) {
    copyForCaller(New, P, smaller(S->Size, Size), From);
    releaseClaimed(*S, From);
  }
  errno = SavedErrno;
  return New;
}

void *reallocFromHeap(void *P, size_t Size, Guarding How, Origin From) {
  if (isForeignObject(P, From.Caller))
    return nullptr; // The heap's realloc will report it.
  int SavedErrno = errno;
  size_t OldSize = real::UsableSize(P);
  void *New = nullptr;
  if (OldSize)
    New = allocateGuarded(Size, 0, How, From);
  if (New) {
    copyForCaller(New, P, smaller(OldSize, Size), From);
    real::Free(P);
  }
  errno = SavedErrno;
  return New;
}

bool isGuarded(const void *P) {
  return TheRuntime.isOn() && pool().owns(arch::untagged(P));
}

/// The slot of the live object on whose pages `Address` is, or null.
static const Slot *liveSlotAt(uintptr_t Address) {
  Place At = pool().layout().locate(Address);
  if (At.Slot == NoSlot || At.Slot >= pool().slotCount())
    return nullptr;
  const Slot &S = pool().slot(At.Slot);
  return isLive(S.State.loadAcquire()) ? &S : nullptr;
}

size_t bytesLeft(const void *P) {
  uintptr_t Address = arch::untagged(P);
  const Slot *S = liveSlotAt(Address);
  return S && S->contains(Address) ? S->Address + S->Size - Address : 0;
}

size_t guardedSize(const void *P) {
  uintptr_t Address = arch::untagged(P);
  const Slot *S = liveSlotAt(Address);
  return S && S->Address == Address ? S->Size : 0;
}

} // namespace heapfence
