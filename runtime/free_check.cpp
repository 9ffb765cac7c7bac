// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The check between the interposed functions and the real ones.

#include "free_check.h"
#include "fault.h"
#include "mappings.h"
#include "modules.h"
#include "ownership.h"
#include "pages.h"
#include "real.h"
#include "sync.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

namespace heapfence {

namespace {

void (*NextFree)(void *);
void *(*NextRealloc)(void *, size_t);
size_t PageSize;

constexpr const char *ReadsNothing = "where no memory can be read";

/// Why no allocator can have given `P`; null: one may have.
const char *whyForeign(const void *P, uintptr_t Sp) {
  uintptr_t Address = arch::untagged(P);
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
  switch (mappedAt(Address)) {
  case Mapped::File:
    return "in a mapping of a file";
  case Mapped::Stack:
    return "on the main thread's stack";
  case Mapped::Closed:
    return ReadsNothing;
  case Mapped::Nothing:
    return "where no memory is mapped";
  case Mapped::MayBeHeap:
    break;
  }
  // glibc has a word before each object. What was mapped may have changed.
  if (isAllocatorLibcs() && !isReadable(Address - 1))
    return Address % PageSize
               ? ReadsNothing
               : "at the start of a mapping, where no object of the heap is";
  return whyNotOwned(Address);
}

/// True for the first error of a call that returns to `Pc`, as far as is
/// remembered: a loop shall not report for ever.
bool isFirstOf(uintptr_t Pc) {
  constexpr unsigned CountLog2 = 8;
  static Atomic<uintptr_t> Reported[1 << CountLog2];
  constexpr uint64_t Spread = 0x9e3779b97f4a7c15;
  return Reported[(Pc * Spread) >> (64 - CountLog2)].exchangeAcqRel(Pc) != Pc;
}

/// Returns: whether `P` is no object of any heap, which is reported.
bool isForeign(void *P, HeapFunction By, const void *FrameAddress) {
  const auto *Caller = static_cast<const CallerFrame *>(FrameAddress);
  const char *Why = P ? whyForeign(P, arch::registersOf(*Caller).Sp) : nullptr;
  if (!Why)
    return false;
  int SavedErrno = errno;
  if (isFirstOf(Caller->Pc))
    reportForeignFree(P, Why, {By}, {nullptr, Caller});
  errno = SavedErrno;
  return true;
}

// Reached by a jump from the interposed functions: the frame record is that of
// who called them.

void checkedFree(void *P) {
  if (!isForeign(P, HeapFunction::Free, __builtin_frame_address(0)))
    NextFree(P);
}

/// What cannot be reallocated is replaced: the program goes on with zeros.
void *checkedRealloc(void *P, size_t Size) {
  return isForeign(P, HeapFunction::Realloc, __builtin_frame_address(0))
             ? calloc(1, Size)
             : NextRealloc(P, Size);
}

void *checkedReallocArray(void *P, size_t Count, size_t Size) {
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return isForeign(P, HeapFunction::ReallocArray, __builtin_frame_address(0))
             ? calloc(Count, Size)
             : NextRealloc(P, Bytes);
}

} // namespace

bool isForeignObject(const void *P, const CallerFrame *Caller) {
  return NextFree && whyForeign(P, arch::registersOf(*Caller).Sp);
}

void checkFrees() {
  PageSize = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  NextFree = real::Free;
  NextRealloc = real::Realloc;
  findAllocator();
  real::Free = checkedFree;
  real::Realloc = checkedRealloc;
  real::ReallocArray = checkedReallocArray;
}

} // namespace heapfence
