// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rules that tell which reports are not wanted, read from a file.
// Called from: start-up, signal handler, exit.

#ifndef HEAPFENCE_SUPPRESSIONS_H
#define HEAPFENCE_SUPPRESSIONS_H

#include "report.h"

namespace heapfence {

/// What a rule is about; the patterns of the last two are for paths.
enum class RuleKind : uint8_t {
  Kind,     ///< "kind": of error.
  Function, ///< "fun": in one of the report's stacks.
  Source,   ///< "src": file of one of the report's sites.
  Module,   ///< "module": the file of a frame of one of the report's stacks.
};
inline constexpr unsigned RuleKindCount = 4;

/// One line of the file.
struct Rule {
  RuleKind What;
  uint32_t Line;       ///< From 1.
  const char *Pattern; ///< See glob.h.
  Atomic<bool> IsUsed; ///< A report was suppressed by it.
};

class Suppressions {
public:
  using SayLine = void (*)(const char *Text);

  /// Reads the rules of the file `Path`. What cannot be used is said, a line
  /// each, and left out. Requires: called once.
  /// Signal-safety: unsafe.
  void read(const char *Path, SayLine Say);

  /// True if a rule is about `R`; all those that are, are marked as used.
  /// Thread-safety: by the holder of the report's turn. Signal-safety: as
  /// `forEachNameAt`. Cost: with rules for functions, a search of the symbol
  /// table for each frame.
  bool cover(const Report &R);

  /// Says each rule that was never used.
  void sayUnused(const char *Path, SayLine Say) const;

  uint32_t count() const { return Count; }
  const Rule &rule(uint32_t Index) const { return Rules[Index]; }

private:
  class Matcher;

  void addLine(const char *Path, char *Text, uint32_t Line, SayLine Say);

  Rule *Rules = nullptr;
  uint32_t Count = 0;
  bool Has[RuleKindCount] = {}; ///< Rules of that kind.
};

} // namespace heapfence

#endif // HEAPFENCE_SUPPRESSIONS_H
