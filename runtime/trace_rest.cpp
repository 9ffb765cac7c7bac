// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Unwinds what a trace kept of its stack. Apart from the taking of traces:
// tools do it too.

#include "slot.h"
#include "stack_excerpt.h"

#include <string.h>

namespace heapfence {

Trace completed(const Trace &T, unsigned MaxFrames) {
  Trace Result = T;
  Result.WordCount = 0;
  if (!T.WordCount || T.Count >= MaxFrames)
    return Result;
  StackWord Words[MaxTraceWords];
  memcpy(Words, T.Pcs + T.Count, T.WordCount * sizeof(StackWord));
  FrameRegisters Rest = {T.Pcs[T.Count - 1], T.RestSp, T.RestFp, 0};
  Result.Count += static_cast<uint8_t>(unwindExcerpt(
      Rest, Words, T.WordCount, Result.Pcs + T.Count, MaxFrames - T.Count));
  return Result;
}

} // namespace heapfence
