// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Mangled names to what the programmer wrote.

#ifndef HEAPFENCE_TOOLS_DEMANGLE_NAME_H
#define HEAPFENCE_TOOLS_DEMANGLE_NAME_H

#include <string>

namespace heapfence {

/// Demangles a name that a module's symbols gave; others stay as they are.
std::string demangleSymbol(const std::string &Name);

/// Demangles a name that a report carries. A short mangled name can stand for
/// exponentially long text, and a long one can exhaust the demangler's stack:
/// a child process with limits does it.
/// Returns: `Name` itself if it is no mangled name or out of bounds.
std::string demangleUntrusted(const std::string &Name);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_DEMANGLE_NAME_H
