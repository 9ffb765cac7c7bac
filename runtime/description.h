// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects as the public interface tells them.
// Called from: signal handler, the program's calls.

#ifndef HEAPFENCE_DESCRIPTION_H
#define HEAPFENCE_DESCRIPTION_H

#include "diagnose.h"
#include "heapfence/heapfence.h"

namespace heapfence {

/// What is known of an object. Traces are as they were kept, or completed.
struct ObjectFacts {
  const Slot *Object;
  bool IsFreed;        ///< `Release` is valid.
  const Site *FreedAt; ///< Where, if that is known.
  const Trace &Allocation;
  const Trace &Release;
};

/// Fills in all of `Out` but its size and version. `D`: how an address lies to
/// the object. Signal-safety: as `unwindCfi`.
void fillDescription(heapfence_description &Out, const ObjectFacts &Of,
                     const Diagnosis &D);

/// Null: nothing is known.
heapfence_site publicSite(const Site *S);

/// Copies frames to `To`, of `Max`, as reports print them: addresses inside the
/// calls, without those that the pass added. `FirstIsExact`: the first one is
/// no return address. Returns: their number.
unsigned copyFrames(uintptr_t *To, unsigned Max, const uintptr_t *Pcs,
                    unsigned Count, bool FirstIsExact);

} // namespace heapfence

#endif // HEAPFENCE_DESCRIPTION_H
