// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// In the tool, what arch.h declares is of the process that is looked at.

#include "core.h"

namespace heapfence {
namespace arch {

static const CoreCpu *LookedAt = &X86_64;
FrameFacts Frames = X86_64Frames;

void lookAt(const CoreCpu &Cpu) {
  LookedAt = &Cpu;
  Frames = Cpu.Frames;
}

FrameRegisters registersOf(const void *Context) {
  return LookedAt->registersOf(Context);
}

} // namespace arch
} // namespace heapfence
