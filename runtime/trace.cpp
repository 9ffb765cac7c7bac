// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes the stack of a heap call.

#include "trace.h"
#include "runtime.h"
#include "stack_excerpt.h"

#include <string.h>

namespace heapfence {

static UnwindMethod methodFor(Origin From) {
  switch (TheOptions.unwind) {
  case UnwindMode::None:
    return UnwindMethod::None;
  case UnwindMode::Cfi:
    return UnwindMethod::Cfi;
  case UnwindMode::FramePointer:
    return UnwindMethod::FramePointer;
  case UnwindMode::Auto:
    break;
  }
  bool HasFramePointer =
      From.Where && (From.Where->Flags & SiteHasFramePointer);
  return HasFramePointer ? UnwindMethod::FramePointer : UnwindMethod::Cfi;
}

static_assert(sizeof(StackWord) == sizeof(uintptr_t));

/// Begins a trace, and keeps what completes it.
static void takePart(Trace &T, FrameRegisters Start, StackBounds Bounds,
                     unsigned MaxFrames, unsigned MaxLookups) {
  PartialWalk Part = unwindCfiPart(Start, Bounds, T.Pcs, MaxFrames, MaxLookups);
  T.Count = static_cast<uint8_t>(Part.Count);
  if (!Part.Rest.Pc)
    return;
  T.RestSp = Part.Rest.Sp;
  T.RestFp = Part.Rest.Fp;
  StackWord Words[MaxTraceWords];
  unsigned Count =
      excerptStack({T.RestSp, Bounds.High, Bounds.NeedsProbe},
                   TheRuntime.Code.ranges(), Words, MaxTraceWords - Part.Count);
  memcpy(T.Pcs + T.Count, Words, Count * sizeof(StackWord));
  T.WordCount = static_cast<uint8_t>(Count);
}

Trace completed(const Trace &T) {
  return completed(T, static_cast<unsigned>(TheOptions.stack_frames));
}

void takeTrace(Trace &T, unsigned MaxLookups, Origin From) {
  FrameRegisters Start = arch::registersOf(*From.Caller);
  unsigned Max = static_cast<unsigned>(TheOptions.stack_frames);
  T.Where = From.Where;
  T.Thread = threadNumber();
  T.Method = methodFor(From);
  T.Pcs[0] = Start.Pc;
  T.Count = 1;
  T.WordCount = 0;
  if (T.Method == UnwindMethod::None)
    return;
  StackBounds Bounds = stackBounds(Start.Sp);
  if (T.Method == UnwindMethod::Cfi)
    takePart(T, Start, Bounds, Max, MaxLookups);
  else
    T.Count =
        static_cast<uint8_t>(unwindFramePointers(Start, Bounds, T.Pcs, Max));
}

} // namespace heapfence
