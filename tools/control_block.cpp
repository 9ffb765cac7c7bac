// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds a runtime's control block.

#include "control_block.h"
#include "heapfence/abi.h"

namespace heapfence {

// Looks before each multiple of the window's size that some mapping begins at
// or spans.
std::optional<FoundControlBlock> findControlBlock(const TargetMemory &M,
                                                  std::string &Problem) {
  constexpr uint64_t Window = uint64_t(1) << WindowLog2;
  // Mappings may be of any size, in a file that is damaged.
  constexpr uint64_t MostWindows = uint64_t(1) << 17;
  uint64_t Seen = 0, Last = 0;
  for (const AddressRange &R : M.ranges()) {
    uint64_t Base = (R.Begin + Window) & ~(Window - 1);
    if (Base <= Last)
      Base = Last + Window;
    for (; Base > Last && Base <= R.End && Seen != MostWindows;
         Last = Base, Base += Window, ++Seen) {
      FoundControlBlock F = {Base - ControlDistance, {}};
      if (!M.read(F.Address, &F.Block, sizeof(F.Block)) ||
          F.Block.Magic != ControlMagic)
        continue;
      if (F.Block.Version == ControlVersion &&
          F.Block.Size == sizeof(ControlBlock))
        return F;
      Problem = "its HeapFence is of another version than this tool";
      return std::nullopt;
    }
  }
  Problem = "HeapFence is not on in it";
  return std::nullopt;
}

} // namespace heapfence
