// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams of reports: in, through the rewriter, out.

#include "symbolize.h"
#include "file_io.h"
#include "report_rewriter.h"

#include <fcntl.h>
#include <unistd.h>

using namespace llvm;

namespace heapfence {

/// Longer lines are copied unread.
static constexpr size_t MaxLineBytes = 64 << 10;
/// A report of the runtime has a few KiB; the rest of a longer one is ignored.
static constexpr size_t MaxReportBytes = 4 << 20;

std::string substitutedPath(const SymbolizeOptions &Options,
                            const std::string &Path) {
  for (const auto &[Old, New] : Options.ModulePaths) {
    StringRef Tail = Path;
    if (Tail.consume_front(Old) &&
        (Tail.empty() || Tail[0] == '/' || StringRef(Old).ends_with("/")))
      return New + Tail.str();
  }
  return Path;
}

/// Calls `Each` for each line of `Text` that has a '\n', without it.
/// Returns: the rest of `Text`.
template <typename Function>
static StringRef forEachLine(StringRef Text, Function Each) {
  for (size_t End; (End = Text.find('\n')) != StringRef::npos;
       Text = Text.drop_front(End + 1))
    Each(Text.take_front(End));
  return Text;
}

int symbolizeStream(const SymbolizeOptions &Options) {
  ModuleTable Modules(Options, /*UseNetwork=*/true);
  ReportRewriter Rewriter(Modules);
  std::string Input, Output;
  bool InLongLine = false; // Its start has been written already.
  ssize_t Read;
  while ((Read = readSome(STDIN_FILENO, Input, MaxLineBytes)) > 0) {
    StringRef Rest = forEachLine(Input, [&](StringRef Line) {
      if (InLongLine || Line.size() > MaxLineBytes)
        Output.append(Line).append(1, '\n');
      else if (Rewriter.rewrite(Line, Output))
        Output += '\n';
      InLongLine = false;
    });
    if (InLongLine || Rest.size() > MaxLineBytes) {
      Output += Rest;
      InLongLine = true;
      Rest = {};
    }
    if (!writeAll(STDOUT_FILENO, Output))
      return 1;
    Output.clear();
    Input.erase(0, Input.size() - Rest.size());
  }
  if (Input.empty())
    Rewriter.finish(Output);
  else if (!Rewriter.rewrite(Input, Output))
    Rewriter.finish(Output);
  bool IsWritten = writeAll(STDOUT_FILENO, Output);
  Modules.explain(errs(), Options.Say);
  return IsWritten && Read == 0 ? 0 : 1;
}

/// The rest of a report with what goes before and after it. Who reads
/// AddressSanitizer's reports begins anew at a first line.
static std::string framed(const Headline &Head, const std::string &FirstLine,
                          const std::string &Place, const std::string &Rest) {
  if (Head.Style == FrameStyle::Kfence)
    return "HeapFence: symbolized: " + escapeControls(Head.Kind) + Place +
           '\n' + Rest + std::string(66, '=') + '\n';
  std::string Text =
      "==" + std::string(Head.Pid) + "==HeapFence: symbolized:\n";
  if (Head.Style == FrameStyle::Asan)
    Text.append(FirstLine).append(1, '\n');
  return Text + Rest + summaryHead(Head.Style, Head.Kind) + Place + '\n';
}

int symbolizeAfterRaw(const SymbolizeOptions &Options) {
  // LLVM complains about malformed debug information there.
  int Null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (Null < 0 || dup2(Null, STDERR_FILENO) < 0)
    return 1;
  std::string Input;
  ssize_t Read = 1;
  while (Input.size() < MaxReportBytes && Read > 0)
    Read = readSome(STDIN_FILENO, Input, MaxLineBytes);
  if (Read < 0)
    return 1;

  ModuleTable Modules(Options, /*UseNetwork=*/false);
  ReportRewriter Rewriter(Modules);
  std::string Output, FirstLine;
  std::optional<Headline> Head;
  auto RewriteLine = [&](StringRef Line) {
    if (!Head) {
      Head = parseHeadline(Line);
      if (Head)
        Rewriter.rewrite(Line, FirstLine);
      return;
    }
    if (Line.size() > MaxLineBytes)
      return;
    if (Rewriter.rewrite(Line, Output))
      Output += '\n';
  };
  StringRef Rest = forEachLine(Input, RewriteLine);
  if (!Rest.empty())
    RewriteLine(Rest);
  Rewriter.finish(Output);
  if (!Rewriter.anySymbolized())
    return 3;
  std::string Place = Rewriter.place();
  if (Place.empty())
    Place = Rewriter.rawPlace();
  return writeAll(STDOUT_FILENO, framed(*Head, FirstLine, Place, Output)) ? 0
                                                                          : 1;
}

} // namespace heapfence
