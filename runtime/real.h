// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions behind those that the runtime interposes: what the program
// would have called without it.
// Called from: fast path.

#ifndef HEAPFENCE_REAL_H
#define HEAPFENCE_REAL_H

#include <signal.h>
#include <stddef.h>

namespace heapfence {
namespace real {

// Each pointer starts at a resolver, which looks the function up behind ours
// and calls it: usable before any constructor has run.
// Hidden where they are declared, too: else each call loads their address.
#pragma GCC visibility push(hidden)
extern void (*Free)(void *);
extern void *(*Realloc)(void *, size_t);
extern void *(*ReallocArray)(void *, size_t, size_t);
extern size_t (*UsableSize)(void *);
extern int (*Sigaction)(int, const struct sigaction *, struct sigaction *);
extern sighandler_t (*Signal)(int, sighandler_t);
#pragma GCC visibility pop

/// The next definition of `Symbol` after this module's, or null.
void *next(const char *Symbol);

} // namespace real
} // namespace heapfence

#endif // HEAPFENCE_REAL_H
