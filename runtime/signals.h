// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The signals of faults and crashes: our handler first, the program's behind
// it. Called from: start-up, signal handler, the program's sigaction calls.

#ifndef HEAPFENCE_SIGNALS_H
#define HEAPFENCE_SIGNALS_H

#include <signal.h>

namespace heapfence {

using FaultHandler = void (*)(int Signal, siginfo_t *Info, void *Context);

/// Puts handlers in front of what the program has now: `Fault` for SIGSEGV and
/// SIGBUS, `Crash` for SIGABRT, SIGILL and SIGFPE. Returns: false if the system
/// refused; nothing is changed then.
[[nodiscard]] bool installHandlers(FaultHandler Fault, FaultHandler Crash);

/// True if nobody in the program handles the signal: forwarded, it ends it.
bool isLethal(int Signal, const siginfo_t &Info);

/// Gives a fault to the program, exactly as without us: its handler with its
/// mask and flags; with the default action, restores that and returns, so that
/// the fault recurs in its own context.
void forwardFault(int Signal, siginfo_t *Info, void *Context);

} // namespace heapfence

#endif // HEAPFENCE_SIGNALS_H
