// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a fault, or a refused free, to a report, and on.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_FAULT_H
#define HEAPFENCE_FAULT_H

#include "diagnose.h"
#include "heap.h"

#include <signal.h>

namespace heapfence {

/// The handler of SIGSEGV and SIGBUS. A fault in the pool that is a program's
/// error is reported, once for an object, and the access goes on; any other is
/// forwarded. Signal-safety: it is one. Stack: less than 8 KiB.
void handleFault(int Signal, siginfo_t *Info, void *Context);

/// The handler of the other signals that end a program: looks at all objects
/// before it does, and forwards the signal. Signal-safety: it is one.
void handleCrash(int Signal, siginfo_t *Info, void *Context);

/// Reports a free of `P` that the pool refused, once for an object.
void reportBadFree(const void *P, ErrorKind Kind, uint32_t Slot,
                   Deallocation By, Origin From);

/// Reports a free of `P`, which is `Place`, and no object of any heap.
void reportForeignFree(const void *P, const char *Place, Deallocation By,
                       Origin From);

/// Reports `By` if it is not how the claimed object of `Slot`, at `P`, is to be
/// freed, once for an object.
void judgeDeallocation(const void *P, uint32_t Slot, Deallocation By,
                       Origin From);

/// Reports what is wrong with `Size` bytes at `Begin`, which is in the pool,
/// being `Argument` of a call of `Function`, once for an object. Cost, if
/// nothing is: some 10 ns.
void judgeBuffer(const void *Begin, size_t Size, const char *Function,
                 const BufferArgument &Argument, Origin From);

/// Reports that memory beside a claimed object was written to, once for an
/// object. `Changed`: the first such byte.
void reportCorruption(uintptr_t Changed, uint32_t Slot, Origin From);

} // namespace heapfence

#endif // HEAPFENCE_FAULT_H
