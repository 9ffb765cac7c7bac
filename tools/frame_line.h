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

/// How a report writes its frames: see report_style in docs/options.md.
enum class FrameStyle {
  Default, ///< "#N 0xPC in FUNCTION FILE:LINE (MODULE+0xOFF) (BuildId: HEX)".
  Asan,    ///< The same, but without module where the line is known.
  Kfence,  ///< Without number, and with names in the place of the address.
};

/// A position in the source, as far as it is known.
struct Position {
  std::string Function; ///< Demangled; empty: unknown.
  std::string File;     ///< Empty: unknown.
  uint32_t Line = 0;    ///< 0: unknown; then `File` is not printed either.
  uint32_t Column = 0;  ///< 0: unknown.
  /// Of the code in its function, in bytes. Nothing: unknown, or it is inlined.
  std::optional<uint64_t> Offset = {};
};

/// One stack frame of a report. All views point into the parsed line, which is
/// exactly `Prefix` "#" number " " `Pc` `Rest`; in KFENCE's style `Prefix`,
/// `Pc` and `Rest`.
struct FrameLine {
  FrameStyle Style = FrameStyle::Default;
  std::string_view Prefix; ///< What precedes the '#': indentation, log stamp.
  uint32_t Number = 0;     ///< The frame's number in its stack, if it has one.
  std::string_view Pc;     ///< "0x...", inside of the call instruction.
  std::string_view Rest;   ///< All that follows `Pc`.
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
/// [(BuildId: HEX)]]", after any prefix; in other styles what those have in its
/// place.
/// Returns: nothing if `Text`, a line without its '\n', is anything else.
std::optional<FrameLine> parseFrameLine(std::string_view Text,
                                        FrameStyle Style = FrameStyle::Default);

/// Returns: the line of `Frame` with no change but to its number.
std::string renumberedFrame(const FrameLine &Frame, uint32_t Number);

/// Returns: the line of `Frame` with position `At` in place of its own.
/// Requires: `At.Function` or `At.Line` is known.
std::string symbolizedFrame(const FrameLine &Frame, uint32_t Number,
                            const Position &At);

/// The first line of a report: "==PID==ERROR: HeapFence: KIND on address ...",
/// the same of AddressSanitizer, or "BUG: HeapFence: KIND in ...".
struct Headline {
  FrameStyle Style;
  std::string_view Pid;  ///< Empty in KFENCE's style.
  std::string_view Kind; ///< As the summary names it.
  std::string_view Pc;   ///< "0x..." behind "at pc"; empty: it has none.
};
std::optional<Headline> parseHeadline(std::string_view Text);

/// The line at the end of a report that repeats what happened: "SUMMARY:
/// HeapFence: KIND"; empty: the style has none.
std::string summaryHead(FrameStyle Style, std::string_view Kind);

/// The last line of a report: "SUMMARY: HeapFence: KIND (MODULE+0xOFF)", or of
/// AddressSanitizer.
struct SummaryLine {
  std::string_view Head;   ///< Up to and including the kind.
  std::string_view Suffix; ///< White space at the end.
};
/// Returns: nothing for other lines, and for a summary that is symbolic.
std::optional<SummaryLine> parseSummaryLine(std::string_view Text);

/// The line that tells an access: "READ at 0x... thread TN" or
/// AddressSanitizer's "READ of size {*} at 0x... thread TN".
struct AccessLine {
  FrameStyle Style;
  std::string_view Head; ///< Up to where the size belongs.
  std::string_view Tail; ///< What is behind.
  uint64_t Address;
};
/// Returns: nothing for other lines, and for those with a size.
std::optional<AccessLine> parseAccessLine(std::string_view Text);

/// Returns: true for the lines of a report that follow its first stack.
bool endsFirstStack(std::string_view Text);

/// Returns: true for the lines around a report in KFENCE's style.
bool isRule(std::string_view Text);

/// Returns: the function, or "??".
std::string functionOf(const Position &At);

/// Returns: "+0xOFFSET", if that is known.
std::string offsetOf(const Position &At);

/// Returns: "FILE:LINE[:COLUMN]". Requires: `At.Line` is known.
std::string fileAndLine(const Position &At);

/// Returns: `Text` with each control character, and each byte that is not
/// UTF-8, spelled "\xNN", so that a terminal does not act on it.
std::string escapeControls(std::string_view Text);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_FRAME_LINE_H
