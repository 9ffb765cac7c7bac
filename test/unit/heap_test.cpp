// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, an object lies where vector code cannot use it, or so far
// from its guard page that an overrun by a byte is not seen.

#include "heap.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

using namespace heapfence;

namespace {

TEST(NaturalAlignment, Table) {
  struct {
    size_t Size, Alignment;
  } Cases[] = {{0, 16},
               {1, 1},
               {2, 2},
               {3, 2},
               {4, 4},
               {5, 4},
               {6, 4},
               {7, 4},
               {8, 8},
               {9, 8},
               {12, 8},
               {15, 8},
               {16, 16},
               {17, 16},
               {24, 16},
               {31, 16},
               {32, 16},
               {64, 16},
               {100, 16},
               {4095, 16},
               {4096, 16},
               {65536, 16},
               {size_t(PTRDIFF_MAX), 16},
               {SIZE_MAX, 16}};
  for (auto &C : Cases)
    EXPECT_EQ(naturalAlignment(C.Size), C.Alignment) << C.Size;
}

// An array of N objects of a type needs the type's alignment, and a type's
// size is a multiple of that.
TEST(NaturalAlignment, IsEnoughForAnyTypeOfTheSize) {
  for (size_t Size = 1; Size != 300; ++Size)
    for (size_t TypeAlignment = 1; TypeAlignment <= alignof(max_align_t);
         TypeAlignment *= 2)
      if (Size % TypeAlignment == 0)
        EXPECT_GE(naturalAlignment(Size), TypeAlignment) << Size;
}

} // namespace
