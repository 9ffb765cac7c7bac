// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects as the public interface tells them.

#include "description.h"
#include "entry.h"
#include "heap.h"
#include "runtime.h"
#include "trace.h"

#include <errno.h>
#include <string.h>

namespace heapfence {

// The public enumerators are our own.
static_assert(HEAPFENCE_NO_ERROR == int(ErrorKind::None) &&
              HEAPFENCE_USE_AFTER_FREE == int(ErrorKind::UseAfterFree) &&
              HEAPFENCE_BUFFER_OVERFLOW == int(ErrorKind::BufferOverflow) &&
              HEAPFENCE_BUFFER_UNDERFLOW == int(ErrorKind::BufferUnderflow) &&
              HEAPFENCE_DOUBLE_FREE == int(ErrorKind::DoubleFree) &&
              HEAPFENCE_INVALID_FREE == int(ErrorKind::InvalidFree) &&
              HEAPFENCE_CORRUPTION == int(ErrorKind::Corruption) &&
              HEAPFENCE_WILD_ACCESS == int(ErrorKind::WildAccess) &&
              HEAPFENCE_FAMILY_MISMATCH == int(ErrorKind::FamilyMismatch) &&
              HEAPFENCE_SIZE_MISMATCH == int(ErrorKind::SizeMismatch) &&
              HEAPFENCE_ALIGNMENT_MISMATCH ==
                  int(ErrorKind::AlignmentMismatch) &&
              ErrorKindCount == 11);
static_assert(HEAPFENCE_UNKNOWN_ACCESS == int(Access::Unknown) &&
              HEAPFENCE_READ == int(Access::Read) &&
              HEAPFENCE_WRITE == int(Access::Write) &&
              HEAPFENCE_EXECUTE == int(Access::Execute));
static_assert(HEAPFENCE_INSIDE == int(Relation::Inside) &&
              HEAPFENCE_AFTER == int(Relation::After) &&
              HEAPFENCE_BEFORE == int(Relation::Before));
static_assert(HEAPFENCE_STACK_FRAMES == MaxTraceFrames);

heapfence_site publicSite(const Site *S) {
  if (!S)
    return {};
  return {S->Where.File.get(), S->Where.Function.get(), S->Where.line(),
          S->Where.column()};
}

unsigned copyFrames(uintptr_t *To, unsigned Max, const uintptr_t *Pcs,
                    unsigned Count, bool FirstIsExact) {
  unsigned Copied = 0;
  for (unsigned I = 0; I != Count && Copied != Max; ++I) {
    bool IsExact = I == 0 && FirstIsExact;
    if (IsExact || !TheRuntime.Sites.isHelper(Pcs[I]))
      To[Copied++] = Pcs[I] - (IsExact ? 0 : arch::Frames.CallLength);
  }
  return Copied;
}

static void copyStack(heapfence_stack &To, const Trace &T) {
  To.thread = T.Thread;
  To.count = copyFrames(To.pcs, HEAPFENCE_STACK_FRAMES, T.Pcs, T.Count,
                        /*FirstIsExact=*/false);
}

void fillDescription(heapfence_description &Out, const ObjectFacts &Of,
                     const Diagnosis &D) {
  const Slot &S = *Of.Object;
  Out.state = isGone(S.State.loadAcquire()) ? HEAPFENCE_FREED : HEAPFENCE_LIVE;
  Out.relation = uint32_t(D.Where);
  Out.distance = D.Distance;
  Out.object = S.Address;
  Out.object_size = S.Size;
  Out.number = S.Serial;
  Out.site = S.SiteIndex;
  Out.ordinal = S.SiteOrdinal;
  Out.execution = S.Execution;
  Out.is_light = isLight(S);
  Out.allocated_at = publicSite(Of.Allocation.Where);
  copyStack(Out.allocation, Of.Allocation);
  if (!Of.IsFreed)
    return;
  Out.freed_at = publicSite(Of.FreedAt);
  copyStack(Out.release, Of.Release);
}

namespace {

Pool &pool() { return TheRuntime.Objects; }

/// In a frame of its own: unwinds what was kept of the stack.
__attribute__((noinline)) void completeStack(heapfence_stack &To,
                                             const Trace &T) {
  if (T.WordCount)
    copyStack(To, completed(T));
}

Diagnosis diagnose(uintptr_t Address) {
  PoolView View{pool().layout(), pool().slots(), pool().slotCount()};
  return diagnoseAccess(View, Address, Access::Unknown);
}

/// Returns: false if slot `Index`, which `Address` is in or beside, got another
/// object meanwhile, or lost its own.
bool describeSlot(heapfence_description &Out, uintptr_t Address,
                  uint32_t Index) {
  const Slot &S = pool().slot(Index);
  SlotState Before = S.State.loadAcquire();
  uint64_t Serial = __atomic_load_n(&S.Serial, __ATOMIC_RELAXED);
  Diagnosis D = diagnose(Address);
  if (D.Slot != Index)
    return false;
  bool IsFreed = hasRelease(Before);
  const Site *FreedAt = nullptr;
  if (IsFreed)
    FreedAt = TheRuntime.Sites.ofCall(S.Release.Where, S.Release.Pcs[0]);
  fillDescription(Out, {&S, IsFreed, FreedAt, S.Allocation, S.Release}, D);
  completeStack(Out.allocation, S.Allocation);
  if (IsFreed)
    completeStack(Out.release, S.Release);
  // Pairs with the state's change before, and after, the other fields'.
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return S.State.loadRelaxed() == Before &&
         __atomic_load_n(&S.Serial, __ATOMIC_RELAXED) == Serial;
}

/// Requires: `Address` is in the pool, `Out` is zero.
void describeAddress(heapfence_description &Out, uintptr_t Address) {
  constexpr unsigned Tries = 3;
  for (unsigned I = 0; I != Tries; ++I) {
    uint32_t Index = diagnose(Address).Slot;
    if (Index == NoSlot)
      break;
    if (describeSlot(Out, Address, Index))
      return;
    Out = {};
  }
  Out.state = HEAPFENCE_NO_OBJECT;
}

} // namespace
} // namespace heapfence

using namespace heapfence;

HF_ENTRY int heapfence_describe(const void *P, heapfence_description *Out) {
  int SavedErrno = errno;
  heapfence_description All = {};
  uintptr_t Address = arch::stripTag(reinterpret_cast<uintptr_t>(P));
  bool IsOurs = isGuarded(reinterpret_cast<void *>(Address));
  if (IsOurs)
    describeAddress(All, Address);
  All.version = HEAPFENCE_API_VERSION;
  All.size = Out->size < sizeof(All) ? Out->size : uint32_t(sizeof(All));
  memcpy(Out, &All, All.size);
  errno = SavedErrno;
  return IsOurs;
}
