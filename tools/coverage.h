// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `heapfence coverage merge` and `show`: which allocation sites were guarded,
// over many processes.

#ifndef HEAPFENCE_TOOLS_COVERAGE_H
#define HEAPFENCE_TOOLS_COVERAGE_H

#include <string>
#include <vector>

namespace heapfence {

/// Adds up the coverage files `Inputs` (as the runtime or this wrote them) in
/// `Output`, "-" for standard output. Sites are the same if their place, with
/// what it is inlined at, and what they call are.
/// Returns: the exit code: 0, or 1 after saying what went wrong; then `Output`
/// is as it was.
int mergeCoverage(const std::vector<std::string> &Inputs,
                  const std::string &Output);

/// Lists the sites of `Inputs` that were never guarded, by file and function,
/// with what is known of why; `All`: every site. Then how many there are.
/// Returns: the exit code, as above.
int showCoverage(const std::vector<std::string> &Inputs, bool All);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_COVERAGE_H
