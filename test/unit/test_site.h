// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Call sites by hand, as the pass would emit them.

#ifndef HEAPFENCE_TEST_SITE_H
#define HEAPFENCE_TEST_SITE_H

#include "heapfence/abi.h"
#include "sites.h"

#include <gtest/gtest.h>

namespace heapfence {

/// Makes `From` refer to `Target`, which must not be farther than 2 GiB away:
/// static, or in the same array.
template <typename T> void refer(Relative<T> &From, const T *Target) {
  const auto Distance =
      reinterpret_cast<intptr_t>(Target) - reinterpret_cast<intptr_t>(&From);
  From.Offset = static_cast<int32_t>(Distance);
  ASSERT_EQ(From.Offset, Distance);
}

/// A site of an allocation, with its weight cell and counts. May be copied;
/// then `Record` still refers to the same cell, relative to itself.
struct TestSite {
  Site Record = {};
  uint32_t Weight = UncoveredWeight;
  SiteCounts Counts;

  explicit TestSite(uint32_t InitialWeight = UncoveredWeight)
      : Weight(InitialWeight) {
    refer(Record.Weight, &Weight);
  }
};

} // namespace heapfence

#endif // HEAPFENCE_TEST_SITE_H
