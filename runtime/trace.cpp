// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes the stack of a heap call.

#include "trace.h"
#include "runtime.h"

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

void takeTrace(Trace &T, Origin From) {
  FrameRegisters Start = arch::registersOf(*From.Caller);
  unsigned Max = static_cast<unsigned>(TheOptions.stack_frames);
  T.Where = From.Where;
  T.Thread = threadNumber();
  T.Method = methodFor(From);
  T.Pcs[0] = Start.Pc;
  T.Count = 1;
  if (T.Method == UnwindMethod::None)
    return;
  StackBounds Bounds = stackBounds(Start.Sp);
  T.Count = static_cast<uint8_t>(
      T.Method == UnwindMethod::Cfi
          ? unwindCfi(Start, Bounds, /*StartIsFault=*/false, T.Pcs, Max)
          : unwindFramePointers(Start, Bounds, T.Pcs, Max));
}

} // namespace heapfence
