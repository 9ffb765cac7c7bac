// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lines of a report, one by one, to symbolized lines. The report is
// untrusted: it may carry any bytes.

#ifndef HEAPFENCE_TOOLS_REPORT_REWRITER_H
#define HEAPFENCE_TOOLS_REPORT_REWRITER_H

#include "module_table.h"

namespace heapfence {

class ReportRewriter {
public:
  explicit ReportRewriter(ModuleTable &Modules) : Modules(Modules) {}

  /// Appends what `Line`, without its '\n', becomes: lines separated by '\n'.
  /// The line of the access comes with the next one. Returns: false if it
  /// becomes nothing.
  bool rewrite(std::string_view Line, std::string &Out);
  /// Appends what is held back for a next line, with its '\n'.
  void finish(std::string &Out);

  /// What the access of the next report was, where the module's file need not
  /// be asked.
  void tellAccess(const arch::MemoryOperand &What) { Access = What; }

  /// Returns: the end of a SUMMARY line, from the blank after the kind on, or,
  /// in KFENCE's style, of a headline; empty: no place in the current report's
  /// first stack is known.
  std::string place() const;

  /// The raw form of `place`.
  const std::string &rawPlace() const { return FirstPlace; }

  bool anySymbolized() const { return AnySymbolized; }

private:
  /// How well a position tells where the bug is.
  enum class SummaryRank { None, Library, Program };

  bool rewriteLine(std::string_view Line, std::string &Out);
  std::string withSize(const AccessLine &Line, const FrameLine &Frame);
  bool rewriteFrame(const FrameLine &Frame, std::string &Out);
  void renumber(const FrameLine &Frame);
  void startReport(FrameStyle NewStyle, std::string_view NewPc = {});
  std::optional<FrameLine> parseFrame(std::string_view Line);
  bool isRestOfChain(const FrameLine &Frame) const;
  std::optional<Position> ownPosition(const FrameLine &Frame);
  void noteForSummary(const FrameLine &Frame, const Position &At);

  /// A chain of inlined calls that came with the report and was replaced.
  struct Chain {
    std::string Call;  ///< pc and module, the same in all of the chain.
    std::string First; ///< Function and position of its first frame.
  };
  static Chain chainOf(const FrameLine &Frame);

  ModuleTable &Modules;
  llvm::StringMap<std::string> Demangled; ///< Cache of `demangleUntrusted`.
  bool AnySymbolized = false;

  std::string Held; ///< The line of an access, until its frame is known.
  std::optional<arch::MemoryOperand> Access;

  // The current stack.
  uint32_t LastNumber = 0; ///< As read.
  uint32_t NextNumber = 1; ///< To be printed.
  uint32_t Unnumbered = 0; ///< Frames of it without a number.
  bool IsRepeat = false;   ///< The frame follows `LastNumber` in its stack.
  std::optional<Chain> Replaced;

  // The current report.
  FrameStyle Style = FrameStyle::Default;
  std::string Pc; ///< Where the error was, or where the call returns to.
  bool InFirstStack = false;
  SummaryRank Rank = SummaryRank::None;
  Position SummaryAt;
  std::string FirstPlace;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_REPORT_REWRITER_H
