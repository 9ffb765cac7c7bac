// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Process-wide event counts.

#include "counters.h"

namespace heapfence {

Atomic<uint64_t> Counters[CounterCount];

const char *counterText(Counter C) {
  static const char *const Texts[] = {
#define HF_COUNTER(Id, Name, Text) Text,
#include "counters.def"
  };
  return Texts[static_cast<unsigned>(C)];
}

const char *counterName(Counter C) {
  static const char *const Names[] = {
#define HF_COUNTER(Id, Name, Text) #Name,
#include "counters.def"
  };
  return Names[static_cast<unsigned>(C)];
}

} // namespace heapfence
