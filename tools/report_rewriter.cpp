// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lines of a report.

#include "report_rewriter.h"
#include "demangle_name.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <utility>

using namespace llvm;

namespace heapfence {

/// Bound on what a hostile stream can make us remember.
static constexpr size_t MaxNames = 64 << 10;

static StringRef toRef(std::string_view Text) {
  return {Text.data(), Text.size()};
}

/// Returns: false for code that merely acts on the program's behalf: the
/// allocator, libc, the standard library, HeapFence.
static bool isProgramCode(StringRef ModulePath, const Position &At) {
  StringRef File = sys::path::filename(ModulePath);
  for (StringRef Prefix :
       {"libc.", "libc-", "ld-", "libpthread", "libm.", "libgcc_s", "libstdc++",
        "libc++", "libheapfence", "libjemalloc", "libtcmalloc", "libmimalloc"})
    if (File.starts_with(Prefix))
      return false;
  StringRef Function = At.Function;
  for (StringRef Prefix : {"__heapfence_", "heapfence::", "__interceptor_",
                           "operator new", "operator delete"})
    if (Function.starts_with(Prefix))
      return false;
  return !StringRef(At.File).contains("/include/c++/");
}

static std::string rawPlaceOf(const FrameLine &Frame) {
  std::string Text = " (";
  if (Frame.Module.empty())
    Text += Frame.Pc;
  else
    Text.append(Frame.Module)
        .append("+0x")
        .append(utohexstr(Frame.Offset, /*LowerCase=*/true));
  return Text += ')';
}

void ReportRewriter::startReport(FrameStyle NewStyle, std::string_view NewPc) {
  Style = NewStyle;
  Pc = NewPc;
  InFirstStack = true;
  Rank = SummaryRank::None;
  FirstPlace.clear();
  Replaced.reset();
}

ReportRewriter::Chain ReportRewriter::chainOf(const FrameLine &Frame) {
  Chain C;
  C.Call.append(Frame.Pc).append(Frame.ModuleText);
  C.First.append(Frame.Function).append(1, '\0').append(Frame.File);
  C.First +=
      ':' + std::to_string(Frame.Line) + ':' + std::to_string(Frame.Column);
  return C;
}

/// A frame that repeats the chain's first position is a recursive call, with a
/// chain of its own.
bool ReportRewriter::isRestOfChain(const FrameLine &Frame) const {
  if (!Replaced || !IsRepeat || Frame.Function.empty())
    return false;
  Chain C = chainOf(Frame);
  return C.Call == Replaced->Call && C.First != Replaced->First;
}

/// Works out the frame's number: inlined calls move the rest of the stack, and
/// a stack may lack lines.
void ReportRewriter::renumber(const FrameLine &Frame) {
  IsRepeat = Frame.Number != 0 && Frame.Number == LastNumber + 1;
  if (Frame.Number <= LastNumber || Frame.Number == 0)
    NextNumber = Frame.Number;
  else
    NextNumber += Frame.Number - LastNumber - 1;
  LastNumber = Frame.Number;
}

/// What the report itself says about a frame.
std::optional<Position> ReportRewriter::ownPosition(const FrameLine &Frame) {
  if (Frame.Function.empty())
    return std::nullopt;
  if (Demangled.size() > MaxNames)
    Demangled.clear();
  auto [Entry, IsNew] = Demangled.try_emplace(toRef(Frame.Function));
  if (IsNew)
    Entry->second = demangleUntrusted(std::string(Frame.Function));
  return Position{Entry->second, std::string(Frame.File), Frame.Line,
                  Frame.Column};
}

void ReportRewriter::noteForSummary(const FrameLine &Frame,
                                    const Position &At) {
  if (!InFirstStack || At.Line == 0 || Rank == SummaryRank::Program)
    return;
  bool IsProgram = isProgramCode(toRef(Frame.Module), At);
  if (!IsProgram && Rank == SummaryRank::Library)
    return;
  Rank = IsProgram ? SummaryRank::Program : SummaryRank::Library;
  SummaryAt = At;
}

std::string ReportRewriter::place() const {
  if (Rank == SummaryRank::None)
    return {};
  if (Style == FrameStyle::Kfence)
    return " in " + functionOf(SummaryAt) + offsetOf(SummaryAt) + ' ' +
           fileAndLine(SummaryAt);
  return ' ' + fileAndLine(SummaryAt) + " in " + functionOf(SummaryAt);
}

bool ReportRewriter::rewriteFrame(const FrameLine &Frame, std::string &Out) {
  if (Frame.Number == 0 && !FirstPlace.empty())
    InFirstStack = false;
  renumber(Frame);
  if (isRestOfChain(Frame))
    return false;
  Replaced.reset();
  if (InFirstStack && FirstPlace.empty())
    FirstPlace = rawPlaceOf(Frame);

  ArrayRef<Position> Found;
  if (!Frame.Module.empty())
    Found = Modules.lookUp(Frame);
  AnySymbolized |= !Found.empty();
  bool HasLine = !Found.empty() && Found[0].Line != 0;
  std::optional<Position> Own;
  if (!HasLine && (Found.empty() || !Frame.File.empty()))
    Own = ownPosition(Frame);
  if (Own)
    Found = *Own;
  else if (!Frame.Function.empty())
    Replaced = chainOf(Frame);

  if (Found.empty()) {
    Out += renumberedFrame(Frame, NextNumber++);
    return true;
  }
  for (size_t I = 0; I < Found.size(); ++I) {
    if (I != 0)
      Out += '\n';
    Out += symbolizedFrame(Frame, NextNumber++, Found[I]);
    noteForSummary(Frame, Found[I]);
  }
  return true;
}

std::optional<FrameLine> ReportRewriter::parseFrame(std::string_view Line) {
  std::optional<FrameLine> Frame = parseFrameLine(Line, Style);
  if (Style == FrameStyle::Kfence && Frame)
    Frame->Number = Unnumbered++;
  else
    Unnumbered = 0;
  return Frame;
}

/// ", 8 bytes", as `Line` has it.
std::string ReportRewriter::withSize(const AccessLine &Line,
                                     const FrameLine &Frame) {
  std::optional<arch::MemoryOperand> What = std::exchange(Access, {});
  // What a call was told to access is not its instruction's: there, the frame's
  // address is moved back into the call.
  if (!What && Frame.Pc == Pc)
    What = Modules.operandAt(Frame, Line.Address);
  std::string Text(Line.Head);
  if (Line.Style == FrameStyle::Asan)
    Text += What && !What->IsMost ? std::to_string(What->Size) : "{*}";
  else if (What)
    Text.append(What->IsMost ? ", up to " : ", ")
        .append(std::to_string(What->Size))
        .append(What->Size == 1 ? " byte" : " bytes");
  if (Line.Style == FrameStyle::Default && What && What->Begin &&
      *What->Begin != Line.Address)
    Text += " from 0x" + utohexstr(*What->Begin, /*LowerCase=*/true);
  return Text.append(Line.Tail);
}

void ReportRewriter::finish(std::string &Out) {
  if (!Held.empty())
    Out.append(Held).append(1, '\n');
  Held.clear();
}

bool ReportRewriter::rewrite(std::string_view Line, std::string &Out) {
  if (Held.empty() && InFirstStack && FirstPlace.empty() &&
      parseAccessLine(Line)) {
    Held = Line;
    return false;
  }
  if (!Held.empty())
    if (auto Frame = parseFrameLine(Line, Style); Frame && !Frame->Number)
      Held = withSize(*parseAccessLine(Held), *Frame);
  const bool WasHeld = !Held.empty();
  finish(Out);
  if (rewriteLine(Line, Out))
    return true;
  if (WasHeld)
    Out.pop_back();
  return WasHeld;
}

bool ReportRewriter::rewriteLine(std::string_view Line, std::string &Out) {
  if (std::optional<FrameLine> Frame = parseFrame(Line))
    return rewriteFrame(*Frame, Out);
  if (std::optional<Headline> Head = parseHeadline(Line))
    startReport(Head->Style, Head->Pc);
  else if (endsFirstStack(Line))
    InFirstStack = false;
  else if (Style == FrameStyle::Kfence && isRule(Line))
    Style = FrameStyle::Default;
  else if (std::optional<SummaryLine> Summary = parseSummaryLine(Line)) {
    std::string Place = place();
    startReport(FrameStyle::Default);
    InFirstStack = false;
    if (!Place.empty()) {
      Out.append(Summary->Head).append(Place).append(Summary->Suffix);
      return true;
    }
  }
  Out += Line;
  return true;
}

} // namespace heapfence
