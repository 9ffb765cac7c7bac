// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The slow-path entries that guards in instrumented code call. arch/*_entry.S
// has their symbols: it keeps the registers, and passes the caller's frame as
// the fifth argument.
// Called from: slow path.

#include "heap.h"
#include "runtime.h"

#include <errno.h>
#include <string.h>

using namespace heapfence;

namespace {

constexpr size_t MaxSize = PTRDIFF_MAX;

bool isPowerOfTwo(size_t N) { return N && !(N & (N - 1)); }

/// Judges one trip down the slow path. Out of reach of the sampler, the
/// countdown is refilled so that the guard stays quiet.
bool isSampled(const Site *S) {
  switch (TheRuntime.State.loadAcquire()) {
  case RunState::On:
    return TheRuntime.Sampling.isSampled(*S);
  case RunState::Starting:
    __heapfence_countdown = 0; // The next call asks again.
    return false;
  case RunState::Off:
    break;
  }
  __heapfence_countdown = INT32_MAX;
  return false;
}

void *allocate(size_t Size, size_t Alignment, const Site *S,
               const CallerFrame *Caller) {
  if (Size > MaxSize || !isSampled(S))
    return nullptr;
  int SavedErrno = errno;
  size_t Natural = naturalAlignment(Size);
  void *P = allocateGuarded(Size, Alignment > Natural ? Alignment : Natural,
                            {S, Caller});
  errno = SavedErrno;
  return P;
}

void *reallocate(void *P, size_t Size, const Site *S,
                 const CallerFrame *Caller) {
  bool MaySample = __heapfence_countdown < 0;
  bool IsSampledNow = MaySample && isSampled(S);
  Origin From{S, Caller};
  if (isGuarded(P))
    return reallocGuarded(P, Size, IsSampledNow, From);
  if (!IsSampledNow || Size > MaxSize || (P && Size == 0))
    return NotHandled;
  void *New = P ? reallocFromHeap(P, Size, From)
                : allocateGuarded(Size, naturalAlignment(Size), From);
  return New ? New : NotHandled;
}

/// The length of a string of the program, at most `Limit`.
size_t lengthForCaller(const char *Text, size_t Limit,
                       const CallerFrame *Caller) {
  threadState().AccessFor = Caller;
  size_t Length = strnlen(Text, Limit);
  threadState().AccessFor = nullptr;
  return Length;
}

void *duplicate(const char *Text, size_t Limit, const Site *S,
                const CallerFrame *Caller) {
  if (!isSampled(S))
    return nullptr;
  int SavedErrno = errno;
  size_t Length = lengthForCaller(Text, Limit, Caller);
  char *Copy = static_cast<char *>(allocateGuarded(
      Length + 1, naturalAlignment(Length + 1), {S, Caller}));
  if (Copy) {
    threadState().AccessFor = Caller;
    memcpy(Copy, Text, Length); // The object is zero: terminated already.
    threadState().AccessFor = nullptr;
  }
  errno = SavedErrno;
  return Copy;
}

} // namespace

// Declared here, not in a header: only the assembly refers to them.
extern "C" {

void *heapfence_slow_malloc(size_t Size, const Site *S, void *, void *,
                            const CallerFrame *Caller) {
  if (S->Callee == HeapFunction::Valloc || S->Callee == HeapFunction::Pvalloc) {
    size_t Page = TheRuntime.Objects.layout().pageSize();
    if (S->Callee == HeapFunction::Pvalloc && Page)
      Size = (Size + Page - 1) & ~(Page - 1);
    return allocate(Size, Page, S, Caller);
  }
  return allocate(Size, 0, S, Caller);
}

void *heapfence_slow_calloc(size_t Count, size_t Size, const Site *S, void *,
                            const CallerFrame *Caller) {
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes))
    Bytes = SIZE_MAX; // Not guarded: the original refuses it.
  return allocate(Bytes, 0, S, Caller);
}

void *heapfence_slow_memalign(size_t Alignment, size_t Size, const Site *S,
                              void *, const CallerFrame *Caller) {
  if (!isPowerOfTwo(Alignment))
    return nullptr;
  return allocate(Size, Alignment, S, Caller);
}

int heapfence_slow_posix_memalign(void **Result, size_t Alignment, size_t Size,
                                  const Site *S, const CallerFrame *Caller) {
  if (!isPowerOfTwo(Alignment) || Alignment % sizeof(void *))
    return EINVAL;
  void *P = allocate(Size, Alignment, S, Caller);
  if (!P)
    return ENOMEM;
  threadState().AccessFor = Caller;
  *Result = P;
  threadState().AccessFor = nullptr;
  return 0;
}

void *heapfence_slow_realloc(void *P, size_t Size, const Site *S, void *,
                             const CallerFrame *Caller) {
  return reallocate(P, Size, S, Caller);
}

void *heapfence_slow_reallocarray(void *P, size_t Count, size_t Size,
                                  const Site *S, const CallerFrame *Caller) {
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes)) {
    if (!isGuarded(P))
      return NotHandled;
    errno = ENOMEM;
    return nullptr;
  }
  return reallocate(P, Bytes, S, Caller);
}

void *heapfence_slow_strdup(const char *Text, const Site *S, void *, void *,
                            const CallerFrame *Caller) {
  return duplicate(Text, MaxSize, S, Caller);
}

void *heapfence_slow_strndup(const char *Text, size_t Limit, const Site *S,
                             void *, const CallerFrame *Caller) {
  return duplicate(Text, Limit, S, Caller);
}

bool heapfence_slow_free(void *P, size_t, size_t, const Site *S,
                         const CallerFrame *Caller) {
  return freeGuarded(P, {S, Caller});
}

} // extern "C"
