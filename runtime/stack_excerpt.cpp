// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes excerpts of stacks.

#include "stack_excerpt.h"

#include <link.h>

namespace heapfence {

namespace {

struct Search {
  CodeRanges Found;
  bool IsFirst;
};

/// Makes `R` cover [Begin, End) too.
void extend(CodeRanges::Range &R, uintptr_t Begin, uintptr_t End) {
  if (!R.Size) {
    R = {Begin, End - Begin};
    return;
  }
  uintptr_t OldEnd = R.Begin + R.Size;
  if (Begin < R.Begin)
    R.Begin = Begin;
  R.Size = (End > OldEnd ? End : OldEnd) - R.Begin;
}

/// dl_iterate_phdr's callback. The first object is the executable.
int visitObject(dl_phdr_info *Object, size_t, void *Argument) {
  Search &S = *static_cast<Search *>(Argument);
  CodeRanges::Range &R = S.IsFirst ? S.Found.Executable : S.Found.Objects;
  S.IsFirst = false;
  for (unsigned I = 0; I != Object->dlpi_phnum; ++I) {
    const ElfW(Phdr) &Segment = Object->dlpi_phdr[I];
    uintptr_t Begin = Object->dlpi_addr + Segment.p_vaddr;
    if (Segment.p_type == PT_LOAD && (Segment.p_flags & PF_X))
      extend(R, Begin, Begin + Segment.p_memsz);
  }
  return 0;
}

} // namespace

void KnownCode::look() {
  Search S = {{}, true};
  dl_iterate_phdr(visitObject, &S);
  Executable.Begin.storeRelaxed(S.Found.Executable.Begin);
  Executable.Size.storeRelaxed(S.Found.Executable.Size);
  Objects.Begin.storeRelaxed(S.Found.Objects.Begin);
  Objects.Size.storeRelaxed(S.Found.Objects.Size);
}

// What is read are whole frames, including what a sanitizer has poisoned.
__attribute__((no_sanitize("address", "thread"))) unsigned
excerptStack(StackBounds Bounds, const CodeRanges &Code, StackWord *Words,
             unsigned Max) {
  if (Bounds.NeedsProbe || !Max)
    return 0;
  // Farther than most frames are long.
  constexpr uintptr_t LongestFrame = 4096;
  const auto *Stack = reinterpret_cast<const volatile uintptr_t *>(Bounds.Low);
  size_t Depth = (Bounds.High - Bounds.Low) / sizeof(uintptr_t);
  Depth = Depth < ExcerptDepth ? Depth : ExcerptDepth;
  unsigned Count = 0;
  StackWord Next = {};
  for (size_t I = 0; I != Depth; ++I) {
    uintptr_t Value = arch::stripTag(Stack[I]);
    // Written in any case, and kept if it is one: no branch to mispredict.
    Next.Bits = I << StackWord::ValueBits | (Value & StackWord::MaxValue);
    Words[Count] = Next;
    uintptr_t Here = Bounds.Low + I * sizeof(uintptr_t);
    bool MayBeFrame =
        (Value - Here < LongestFrame) & (Value % sizeof(uintptr_t) == 0);
    Count += Code.contains(Value) | MayBeFrame;
    if (Count == Max)
      break;
  }
  return Count;
}

} // namespace heapfence
