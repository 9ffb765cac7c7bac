// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIGSEGV and SIGBUS: our handler first, the program's behind it.
// Called from: start-up, signal handler, the program's sigaction calls.

#ifndef HEAPFENCE_SIGNALS_H
#define HEAPFENCE_SIGNALS_H

#include <signal.h>

namespace heapfence {

using FaultHandler = void (*)(int Signal, siginfo_t *Info, void *Context);

/// Puts `Handler` in front of what the program has now. Returns: false if the
/// system refused; nothing is changed then.
[[nodiscard]] bool installFaultHandler(FaultHandler Handler);

/// Gives a fault to the program, exactly as without us: its handler with its
/// mask and flags; with the default action, restores that and returns, so that
/// the fault recurs in its own context.
void forwardFault(int Signal, siginfo_t *Info, void *Context);

} // namespace heapfence

#endif // HEAPFENCE_SIGNALS_H
