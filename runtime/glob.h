// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Patterns for names and paths. Pure.
// Called from: start-up, signal handler.

#ifndef HEAPFENCE_GLOB_H
#define HEAPFENCE_GLOB_H

namespace heapfence {

/// True if all of `Text` is what `Pattern` says, where '*' stands for any
/// characters, '/' among them.
/// Signal-safety: safe. Cost: at most the product of the lengths.
bool matchesGlob(const char *Pattern, const char *Text);

/// The same for a path, or for what of it comes behind a '/': "list.c" and
/// "src/l*.c" match "/home/me/src/list.c".
bool matchesPath(const char *Pattern, const char *Path);

} // namespace heapfence

#endif // HEAPFENCE_GLOB_H
