// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the entries for compiled programs have in common. Only those refer to
// them: they are declared nowhere.

#ifndef HEAPFENCE_ENTRY_H
#define HEAPFENCE_ENTRY_H

#include "arch.h"

// Our frame record is that of a helper, whose own is that of the site.
#define HF_SITE_FRAME                                                          \
  reinterpret_cast<const CallerFrame *>(                                       \
      static_cast<const CallerFrame *>(__builtin_frame_address(0))->Fp)

#define HF_ENTRY extern "C" __attribute__((visibility("default")))

#endif // HEAPFENCE_ENTRY_H
