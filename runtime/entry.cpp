// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The slow-path entries that the helpers in instrumented code call.
// Called from: slow path.

#include "entry.h"
#include "choice.h"
#include "heap.h"
#include "heapfence/heapfence.h"
#include "init.h"
#include "runtime.h"

#include <errno.h>
#include <string.h>

using namespace heapfence;

namespace {

constexpr size_t MaxSize = PTRDIFF_MAX;

/// A realloc that copies more stays in the heap, which may not copy at all: a
/// block that grows in a loop is not dragged through the pool.
constexpr size_t MaxMovedSize = 4096;

bool isPowerOfTwo(size_t N) { return N && !(N & (N - 1)); }

/// True if the branch of `S` is open, but it is not its turn.
bool isPassedBy(const Site &S) {
  return (S.Flags & SiteHasBranch) && !countDown(S);
}

void *allocate(size_t Size, size_t Alignment, const Site *S,
               const CallerFrame *Caller) {
  if (isPassedBy(*S) || isRefusedAtOnce(*S))
    return nullptr;
  SpentTime Timer;
  // The choice first, in any case: it refills the countdown.
  Choice Chosen = choose(*S);
  if (Chosen.How == Guarding::None || Size > MaxSize)
    return nullptr;
  int SavedErrno = errno;
  void *P = allocateGuarded(Size, Alignment, Chosen.How,
                            {S, Caller, Chosen.For, Chosen.ForCount});
  errno = SavedErrno;
  return P;
}

void *reallocate(void *P, size_t Size, const Site *S,
                 const CallerFrame *Caller) {
  bool IsTurn = !isPassedBy(*S) && __heapfence_countdown < 0;
  SpentTime Timer;
  Choice Chosen = {};
  if (IsTurn)
    Chosen = choose(*S);
  Origin From{S, Caller, Chosen.For, Chosen.ForCount};
  if (isGuarded(P))
    return reallocGuarded(P, Size, Chosen.How, From);
  if (Chosen.How == Guarding::None || Size > MaxSize || (P && Size == 0))
    return NotHandled;
  if (P && Size > MaxMovedSize && TheRuntime.Sampling.isGoverned())
    return NotHandled;
  void *New = P ? reallocFromHeap(P, Size, Chosen.How, From)
                : allocateGuarded(Size, 0, Chosen.How, From);
  return New ? New : NotHandled;
}

/// The length of a string of the program, at most `Limit`.
size_t lengthForCaller(const char *Text, size_t Limit,
                       const CallerFrame *Caller) {
  AccessForCaller Mark(Caller);
  return strnlen(Text, Limit);
}

void *duplicate(const char *Text, size_t Limit, const Site *S,
                const CallerFrame *Caller) {
  if (isPassedBy(*S))
    return nullptr;
  SpentTime Timer;
  Choice Chosen = choose(*S);
  if (Chosen.How == Guarding::None)
    return nullptr;
  int SavedErrno = errno;
  size_t Length = lengthForCaller(Text, Limit, Caller);
  char *Copy = static_cast<char *>(allocateGuarded(
      Length + 1, 0, Chosen.How, {S, Caller, Chosen.For, Chosen.ForCount}));
  if (Copy) {
    AccessForCaller Mark(Caller);
    memcpy(Copy, Text, Length); // The object is zero: terminated already.
  }
  errno = SavedErrno;
  return Copy;
}

} // namespace

HF_ENTRY void __heapfence_register_v1(const ModuleDescriptor *Module) {
  addModule(*Module);
}

HF_ENTRY void __heapfence_unregister_v1(const ModuleDescriptor *Module) {
  removeModule(*Module);
}

HF_ENTRY int heapfence_is_guarded(const void *P) { return isGuarded(P); }

HF_ENTRY bool __heapfence_arm(const Site *S) {
  if (isPassedBy(*S) || isRefusedAtOnce(*S))
    return false;
  SpentTime Timer;
  // The helper keeps a frame record.
  const auto *Frame =
      static_cast<const CallerFrame *>(__builtin_frame_address(0));
  return armContext(*S, Frame->Fp);
}

HF_ENTRY void __heapfence_disarm() { disarmContext(); }

HF_ENTRY void heapfence_guard_next() { armNext(); }

HF_ENTRY void heapfence_thread_enable(int IsOn) {
  threadState().IsOptedOut = !IsOn;
}

HF_ENTRY void *__heapfence_malloc(size_t Size, const Site *S) {
  if (S->Callee == HeapFunction::Valloc || S->Callee == HeapFunction::Pvalloc) {
    size_t Page = TheRuntime.Objects.layout().pageSize();
    if (S->Callee == HeapFunction::Pvalloc && Page)
      Size = (Size + Page - 1) & ~(Page - 1);
    return allocate(Size, Page, S, HF_SITE_FRAME);
  }
  return allocate(Size, 0, S, HF_SITE_FRAME);
}

HF_ENTRY void *__heapfence_calloc(size_t Count, size_t Size, const Site *S) {
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes))
    Bytes = SIZE_MAX; // Not guarded: the original refuses it.
  return allocate(Bytes, 0, S, HF_SITE_FRAME);
}

HF_ENTRY void *__heapfence_memalign(size_t Alignment, size_t Size,
                                    const Site *S) {
  if (!isPowerOfTwo(Alignment))
    Size = SIZE_MAX; // Not guarded: the original judges it.
  return allocate(Size, Alignment, S, HF_SITE_FRAME);
}

HF_ENTRY int __heapfence_posix_memalign(void **Result, size_t Alignment,
                                        size_t Size, const Site *S) {
  if (!isPowerOfTwo(Alignment) || Alignment % sizeof(void *))
    Size = SIZE_MAX;
  void *P = allocate(Size, Alignment, S, HF_SITE_FRAME);
  if (!P)
    return ENOMEM;
  AccessForCaller Mark(HF_SITE_FRAME);
  *Result = P;
  return 0;
}

HF_ENTRY void *__heapfence_realloc(void *P, size_t Size, const Site *S) {
  return reallocate(P, Size, S, HF_SITE_FRAME);
}

HF_ENTRY void *__heapfence_reallocarray(void *P, size_t Count, size_t Size,
                                        const Site *S) {
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes))
    Bytes = SIZE_MAX;
  return reallocate(P, Bytes, S, HF_SITE_FRAME);
}

HF_ENTRY void *__heapfence_strdup(const char *Text, const Site *S) {
  return duplicate(Text, MaxSize, S, HF_SITE_FRAME);
}

HF_ENTRY void *__heapfence_strndup(const char *Text, size_t Limit,
                                   const Site *S) {
  return duplicate(Text, Limit, S, HF_SITE_FRAME);
}
