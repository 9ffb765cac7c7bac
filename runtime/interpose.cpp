// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// free, realloc and kin for the whole process: a guarded pointer may reach any
// code. Weak: a definition in the program wins, and the runtime stands down.

#include "interpose.h"
#include "heap.h"
#include "modules.h"
#include "real.h"
#include "runtime.h"

#include <argz.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace heapfence {

uintptr_t TheWindow = NoWindow;

namespace {

Origin interposedCaller(const void *FrameAddress) {
  return {nullptr, static_cast<const CallerFrame *>(FrameAddress)};
}

// Out of line: the functions below stay a range test and a jump. Their frame
// address is the record of the interposed function's caller, since they are
// reached by a jump.
#define HF_SLOW __attribute__((noinline))
#define HF_CALLER interposedCaller(__builtin_frame_address(0))

HF_SLOW void freeSlow(void *P) {
  if (!freeGuarded(P, {HeapFunction::Free}, HF_CALLER))
    real::Free(P);
}

HF_SLOW void freeSizedSlow(void *P, size_t Size) {
  if (!freeGuarded(P, {HeapFunction::FreeSized, Size}, HF_CALLER))
    real::Free(P);
}

HF_SLOW void freeAlignedSizedSlow(void *P, size_t Alignment, size_t Size) {
  if (!freeGuarded(P, {HeapFunction::FreeAlignedSized, Size, Alignment},
                   HF_CALLER))
    real::Free(P);
}

HF_SLOW void *reallocSlow(void *P, size_t Size) {
  if (!isGuarded(P))
    return real::Realloc(P, Size);
  return reallocGuarded(P, Size, Guarding::None, HF_CALLER);
}

HF_SLOW void *reallocArraySlow(void *P, size_t Count, size_t Size) {
  if (!isGuarded(P))
    return real::ReallocArray(P, Count, Size);
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes))
    Bytes = SIZE_MAX;
  return reallocGuarded(P, Bytes, Guarding::None, HF_CALLER);
}

HF_SLOW size_t usableSizeSlow(void *P) {
  return isGuarded(P) ? guardedSize(P) : real::UsableSize(P);
}

} // namespace
} // namespace heapfence

using namespace heapfence;

// Hidden names of our own, so that it can be told whether the public ones,
// weak aliases of these, are in force.
extern "C" {

__attribute__((visibility("hidden"))) void heapfence_free(void *P) {
  return isInWindow(P) ? freeSlow(P) : real::Free(P);
}

// What a sized deallocation tells, the allocators do not need.
__attribute__((visibility("hidden"))) void heapfence_free_sized(void *P,
                                                                size_t Size) {
  return isInWindow(P) ? freeSizedSlow(P, Size) : real::Free(P);
}

__attribute__((visibility("hidden"))) void
heapfence_free_aligned_sized(void *P, size_t Alignment, size_t Size) {
  return isInWindow(P) ? freeAlignedSizedSlow(P, Alignment, Size)
                       : real::Free(P);
}

__attribute__((visibility("hidden"))) void *heapfence_realloc(void *P,
                                                              size_t Size) {
  return isInWindow(P) ? reallocSlow(P, Size) : real::Realloc(P, Size);
}

__attribute__((visibility("hidden"))) void *
heapfence_reallocarray(void *P, size_t Count, size_t Size) {
  return isInWindow(P) ? reallocArraySlow(P, Count, Size)
                       : real::ReallocArray(P, Count, Size);
}

__attribute__((visibility("hidden"))) size_t heapfence_usable_size(void *P) {
  return isInWindow(P) ? usableSizeSlow(P) : real::UsableSize(P);
}

#define HF_INTERPOSE(Target)                                                   \
  __attribute__((weak, visibility("default"), alias(#Target)))

HF_INTERPOSE(heapfence_free) void free(void *) noexcept;
// By other names, for the C libraries that have them.
HF_INTERPOSE(heapfence_free) void cfree(void *) noexcept;
HF_INTERPOSE(heapfence_free_sized) void free_sized(void *, size_t) noexcept;
HF_INTERPOSE(heapfence_free_aligned_sized)
void free_aligned_sized(void *, size_t, size_t) noexcept;
HF_INTERPOSE(heapfence_realloc) void *realloc(void *, size_t) noexcept;
HF_INTERPOSE(heapfence_reallocarray)
void *reallocarray(void *, size_t, size_t) noexcept;
HF_INTERPOSE(heapfence_usable_size) size_t malloc_usable_size(void *) noexcept;

} // extern "C"

namespace heapfence {
namespace {

/// True if the process's dynamic symbol `Name` is `Ours`. A symbol that no
/// shared object refers to is not in the table: then nobody else has it.
bool isInForce(const char *Name, void *Ours) {
  void *Found = dlsym(RTLD_DEFAULT, Name);
  return !Found || Found == Ours;
}

/// What `isReachedFromLibc` puts behind our functions for a moment: passes all
/// calls on, and counts those for the pointer that is waited for.
struct SelfTest {
  decltype(real::Free) Free;
  decltype(real::Realloc) Realloc;
  void *Expected;
  unsigned Seen;
} Test;

void countingFree(void *P) {
  Test.Seen += P == Test.Expected;
  Test.Free(P);
}

void *countingRealloc(void *P, size_t Size) {
  Test.Seen += P == Test.Expected;
  return Test.Realloc(P, Size);
}

/// Has the C library reallocate and free a pointer of the real heap, and
/// watches whether the calls come by here.
bool isReachedFromLibc() {
  char *Vector = static_cast<char *>(malloc(1));
  if (!Vector)
    return false;
  size_t Size = 1;
  *Vector = 0;
  free(realloc(nullptr, 1)); // From now on the real ones are known.
  Test = {real::Free, real::Realloc, Vector, 0};
  real::Free = countingFree;
  real::Realloc = countingRealloc;
  error_t Error = argz_add(&Vector, &Size, "heapfence"); // realloc
  Test.Expected = Vector;
  while (!Error && Size)
    argz_delete(&Vector, &Size, Vector); // free, at the last entry
  unsigned Seen = Test.Seen;
  real::Free = Test.Free;
  real::Realloc = Test.Realloc;
  if (Error)
    free(Vector);
  return Seen == 2;
}

} // namespace

const char *findForeignHeap() {
  // Through the symbols as the static linker resolved them: a definition in
  // the program itself wins over ours without being in any dynamic table.
  const char *Foreign = "another library's free or realloc comes first";
  if (free != heapfence_free || realloc != heapfence_realloc)
    return isInExecutable(reinterpret_cast<uintptr_t>(free)) ||
                   isInExecutable(reinterpret_cast<uintptr_t>(realloc))
               ? "the program defines its own free or realloc"
               : Foreign;
  struct {
    const char *Name;
    void *Ours;
  } Symbols[] = {
      {"free", reinterpret_cast<void *>(heapfence_free)},
      {"realloc", reinterpret_cast<void *>(heapfence_realloc)},
      {"malloc_usable_size", reinterpret_cast<void *>(heapfence_usable_size)}};
  for (auto &S : Symbols)
    if (!isInForce(S.Name, S.Ours))
      return Foreign;
  if (!isReachedFromLibc())
    return "the C library does not call the interposed free and realloc";
  return nullptr;
}

} // namespace heapfence
