// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `heapfence symbolize`: copies a log and replaces the raw frames of the
// reports in it by functions, files and lines.

#ifndef HEAPFENCE_TOOLS_SYMBOLIZE_H
#define HEAPFENCE_TOOLS_SYMBOLIZE_H

#include <string>
#include <utility>
#include <vector>

namespace heapfence {

/// How much is said on standard error about modules without symbols.
enum class Verbosity { Quiet, OneLine, EveryModule };

struct SymbolizeOptions {
  /// (old, new): a module `old`, or below directory `old`, is read from `new`.
  std::vector<std::pair<std::string, std::string>> ModulePaths;
  /// Searched, before /usr/lib/debug, for .build-id/xx/yyy.debug.
  std::vector<std::string> DebugFileDirectories;
  Verbosity Say = Verbosity::OneLine;
};

/// Where the options say that the module at `Path` is to be read.
std::string substitutedPath(const SymbolizeOptions &Options,
                            const std::string &Path);

/// Copies standard input to standard output line by line and symbolizes what
/// it understands. Whatever is known of a line is written before waiting for
/// more input.
/// Returns: the exit code: 0, or 1 if input or output fails.
int symbolizeStream(const SymbolizeOptions &Options);

/// Reads one report, whose headline the reader has seen already, and writes
/// the rest of it, symbolized and with a summary, in one piece; in
/// AddressSanitizer's style with the headline once more. Neither asks
/// the network nor writes to standard error.
/// Returns: the exit code: 0; 1 if input or output fails; 3 if no frame could
/// be symbolized: nothing was written.
int symbolizeAfterRaw(const SymbolizeOptions &Options);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_SYMBOLIZE_H
