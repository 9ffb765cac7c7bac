// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One line of a HeapFence report as text: parses it and prints it anew. Pure;
// the text is untrusted, every function takes time linear in its length.

#ifndef HEAPFENCE_TOOLS_FRAME_LINE_H
#define HEAPFENCE_TOOLS_FRAME_LINE_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heapfence {

/// A position in the source, as far as it is known.
struct Position {
  std::string Function; ///< Demangled; empty: unknown.
  std::string File;     ///< Empty: unknown.
  uint32_t Line = 0;    ///< 0: unknown; then `File` is not printed either.
  uint32_t Column = 0;  ///< 0: unknown.
};

/// One stack frame of a report. All views point into the parsed line, which is
/// exactly `Prefix` "#" number " " `Pc` `Rest`.
struct FrameLine {
  std::string_view Prefix;   ///< What precedes the '#': indentation, log stamp.
  uint32_t Number = 0;       ///< The frame's number in its stack.
  std::string_view Pc;       ///< "0x...", inside of the call instruction.
  std::string_view Rest;     ///< All that follows `Pc`.
  std::string_view Function; ///< Mangled or not; empty: raw frame.
  std::string_view File;     ///< Empty: the frame carries no position.
  uint32_t Line = 0;
  uint32_t Column = 0;         ///< 0: not given.
  std::string_view Module;     ///< Path of the module; empty: unknown.
  uint64_t Offset = 0;         ///< ELF virtual address of `Pc` in the module.
  std::string_view BuildId;    ///< Hexadecimal; empty: unknown.
  std::string_view ModuleText; ///< "(module+0x...) (BuildId: ...)".
  std::string_view Suffix;     ///< White space at the end, e.g. a '\r'.
};

/// Reads a frame: "#N 0xPC [in FUNCTION [FILE:LINE[:COLUMN]]] [(MODULE+0xOFF)
/// [(BuildId: HEX)]]", after any prefix.
/// Returns: nothing if `Text`, a line without its '\n', is anything else.
std::optional<FrameLine> parseFrameLine(std::string_view Text);

/// Returns: the line of `Frame` with no change but to its number.
std::string renumberedFrame(const FrameLine &Frame, uint32_t Number);

/// Returns: the line of `Frame` with position `At` in place of its own.
/// Requires: `At.Function` or `At.Line` is known.
std::string symbolizedFrame(const FrameLine &Frame, uint32_t Number,
                            const Position &At);

/// The first line of a report: "==PID==ERROR: HeapFence: KIND on address ...".
struct Headline {
  std::string_view Pid;
  std::string_view Kind;
};
std::optional<Headline> parseHeadline(std::string_view Text);

/// The last line of a report: "SUMMARY: HeapFence: KIND (MODULE+0xOFF)".
struct SummaryLine {
  std::string_view Head;   ///< Up to and including the kind.
  std::string_view Suffix; ///< White space at the end.
};
/// Returns: nothing for other lines, and for a summary that is symbolic.
std::optional<SummaryLine> parseSummaryLine(std::string_view Text);

/// Returns: true for the lines of a report that follow its first stack.
bool endsFirstStack(std::string_view Text);

/// Returns: "FILE:LINE[:COLUMN]". Requires: `At.Line` is known.
std::string fileAndLine(const Position &At);

/// Returns: `Text` with each control character, and each byte that is not
/// UTF-8, spelled "\xNN", so that a terminal does not act on it.
std::string escapeControls(std::string_view Text);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_FRAME_LINE_H
