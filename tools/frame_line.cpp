// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parsing and printing of report lines, by hand: a regular expression would
// backtrack on hostile lines.

#include "frame_line.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace heapfence {

namespace {

constexpr std::string_view BuildIdTag = "(BuildId: ";

bool isDigit(char C) { return C >= '0' && C <= '9'; }

bool isHexDigit(char C) {
  return isDigit(C) || (C >= 'a' && C <= 'f') || (C >= 'A' && C <= 'F');
}

template <bool Predicate(char)> size_t prefixLength(std::string_view Text) {
  size_t Length = 0;
  while (Length < Text.size() && Predicate(Text[Length]))
    ++Length;
  return Length;
}

/// Returns: nothing unless all of `Text` is a number that fits.
template <typename T>
std::optional<T> parseNumber(std::string_view Text, int Base) {
  T Value = 0;
  const char *End = Text.data() + Text.size();
  auto [Stop, Error] = std::from_chars(Text.data(), End, Value, Base);
  if (Error != std::errc() || Stop != End)
    return std::nullopt;
  return Value;
}

/// Splits the white space off the end of `Text`.
/// Returns: the white space.
std::string_view takeTrailingSpace(std::string_view &Text) {
  size_t Last = Text.find_last_not_of(" \t\r");
  size_t Length = Last == std::string_view::npos ? 0 : Last + 1;
  std::string_view Space = Text.substr(Length);
  Text = Text.substr(0, Length);
  return Space;
}

/// Splits ":NUMBER" off the end of `Text`.
/// Returns: the number; nothing, and no change, if it is not there.
std::optional<uint32_t> takeTrailingNumber(std::string_view &Text) {
  size_t Colon = Text.rfind(':');
  if (Colon == std::string_view::npos)
    return std::nullopt;
  auto Number = parseNumber<uint32_t>(Text.substr(Colon + 1), 10);
  if (Number)
    Text = Text.substr(0, Colon);
  return Number;
}

/// Removes `Prefix` and what is in front of it.
bool takeUntil(std::string_view &Text, std::string_view Prefix) {
  size_t At = Text.find(Prefix);
  if (At == std::string_view::npos)
    return false;
  Text.remove_prefix(At + Prefix.size());
  return true;
}

/// Reads " 0xPC" at the start of `Text`, up to a blank or the end, and sets
/// `Pc` and `Rest`.
bool parsePc(std::string_view Text, FrameLine &Frame) {
  if (Text.substr(0, 3) != " 0x")
    return false;
  size_t Digits = prefixLength<isHexDigit>(Text.substr(3));
  if (Digits == 0 || Digits > 16)
    return false;
  Frame.Pc = Text.substr(1, 2 + Digits);
  Frame.Rest = Text.substr(3 + Digits);
  return Frame.Rest.empty() || Frame.Rest.find_first_of(" \t\r") == 0;
}

/// Reads "#N 0xPC" at the start of `Text`, and sets `Number`, too.
bool parseFrameStart(std::string_view Text, FrameLine &Frame) {
  std::string_view Rest = Text.substr(1);
  size_t Digits = prefixLength<isDigit>(Rest);
  auto Number = parseNumber<uint32_t>(Rest.substr(0, Digits), 10);
  bool HasLeadingZero = Digits > 1 && Rest[0] == '0';
  Rest = Rest.substr(Digits);
  if (!Number || HasLeadingZero || !parsePc(Rest, Frame))
    return false;
  Frame.Number = *Number;
  return true;
}

/// Finds the first "#N 0xPC" of the line.
bool findFrameStart(std::string_view Text, FrameLine &Frame) {
  for (size_t At = Text.find('#'); At != std::string_view::npos;
       At = Text.find('#', At + 1)) {
    if (!parseFrameStart(Text.substr(At), Frame))
      continue;
    Frame.Prefix = Text.substr(0, At);
    return true;
  }
  return false;
}

/// Reads the inside of "(MODULE+0xOFF)".
bool parseModule(std::string_view Text, FrameLine &Frame) {
  size_t Plus = Text.rfind("+0x");
  if (Plus == std::string_view::npos || Plus == 0)
    return false;
  auto Offset = parseNumber<uint64_t>(Text.substr(Plus + 3), 16);
  if (!Offset)
    return false;
  Frame.Module = Text.substr(0, Plus);
  Frame.Offset = *Offset;
  return true;
}

/// Splits " (BuildId: HEX)" off the end of `Text`, if it is there.
std::string_view takeBuildId(std::string_view &Text) {
  size_t Tag = Text.rfind(BuildIdTag);
  if (Tag == std::string_view::npos || Tag == 0 || Text.back() != ')')
    return {};
  std::string_view Id = Text.substr(Tag + BuildIdTag.size());
  Id.remove_suffix(1);
  if (Id.empty() || prefixLength<isHexDigit>(Id) != Id.size())
    return {};
  Text = Text.substr(0, Tag);
  takeTrailingSpace(Text);
  return Id;
}

/// Where the file name begins in "FUNCTION FILE". A mangled name and a C name
/// have no blank in them. A demangled one may, and then the file is most
/// likely absolute.
size_t blankBeforeFile(std::string_view Text) {
  std::string_view FirstWord = Text.substr(0, Text.find(' '));
  bool IsPlain = Text.substr(0, 2) == "_Z" || Text.substr(0, 2) == "_R" ||
                 FirstWord.size() == Text.rfind(' ');
  if (IsPlain)
    return FirstWord.size();
  size_t Absolute = Text.find(" /");
  if (Absolute != std::string_view::npos)
    return Absolute;
  return Text.find('(') == std::string_view::npos ? FirstWord.size()
                                                  : Text.rfind(' ');
}

/// Reads "FUNCTION" or "FUNCTION FILE:LINE[:COLUMN]".
void parseFunction(std::string_view Text, FrameLine &Frame) {
  Frame.Function = Text;
  std::string_view Head = Text;
  auto Last = takeTrailingNumber(Head);
  if (!Last)
    return;
  auto Line = takeTrailingNumber(Head);
  size_t Blank = blankBeforeFile(Head);
  if (Blank == 0 || Blank == std::string_view::npos || Blank + 1 >= Head.size())
    return;
  Frame.Function = Head.substr(0, Blank);
  Frame.File = Head.substr(Blank + 1);
  Frame.Line = Line ? *Line : *Last;
  Frame.Column = Line ? *Last : 0;
}

/// Reads "in FUNCTION FILE:LINE[:COLUMN]", with no module.
bool parseSource(std::string_view Text, FrameLine &Frame) {
  FrameLine Parsed;
  if (Text.substr(0, 3) != "in " || Text.back() == ')')
    return false;
  parseFunction(Text.substr(3), Parsed);
  if (Parsed.File.empty() || Parsed.Line == 0)
    return false;
  Frame.Function = Parsed.Function;
  Frame.File = Parsed.File;
  Frame.Line = Parsed.Line;
  Frame.Column = Parsed.Column;
  return true;
}

/// Where the '(' of the module is in `Text`, the frame from "in" or '(' on up
/// to the module's ')'. Paths may have blanks and parentheses in them.
size_t moduleStart(std::string_view Text) {
  if (Text[0] == '(')
    return 0;
  size_t Absolute = Text.rfind(" (/");
  size_t Blank =
      Absolute != std::string_view::npos ? Absolute : Text.rfind(" (");
  return Blank == std::string_view::npos ? Blank : Blank + 1;
}

/// Length of the UTF-8 sequence at the start of `Text` if it stands for a
/// printable character, else 0.
size_t printableLength(std::string_view Text) {
  auto Byte = [&](size_t I) { return static_cast<unsigned char>(Text[I]); };
  if (Byte(0) < 0x80)
    return Byte(0) >= 0x20 && Byte(0) != 0x7f;
  size_t Length = Byte(0) >= 0xf0 ? 4 : Byte(0) >= 0xe0 ? 3 : 2;
  // 0xc2 0x80..0x9f are the control characters of Latin-1.
  if (Byte(0) < 0xc2 || Byte(0) > 0xf4 || Text.size() < Length ||
      (Byte(0) == 0xc2 && Byte(1) < 0xa0))
    return 0;
  for (size_t I = 1; I < Length; ++I)
    if ((Byte(I) & 0xc0) != 0x80)
      return 0;
  return Length;
}

} // namespace

std::optional<FrameLine> parseFrameLine(std::string_view Text,
                                        FrameStyle Style) {
  FrameLine Frame;
  Frame.Style = Style;
  if (Style == FrameStyle::Kfence) {
    Frame.Prefix = Text.substr(0, 1);
    if (!parsePc(Text, Frame))
      return std::nullopt;
  } else if (!findFrameStart(Text, Frame)) {
    return std::nullopt;
  }
  std::string_view Body = Frame.Rest;
  Frame.Suffix = takeTrailingSpace(Body);
  Body.remove_prefix(std::min(Body.find_first_not_of(" \t"), Body.size()));
  if (Body.empty())
    return Frame;
  if (Body[0] != '(' && Body.substr(0, 3) != "in ")
    return std::nullopt;

  if (Style == FrameStyle::Asan && parseSource(Body, Frame))
    return Frame;

  std::string_view Named = Body;
  Frame.BuildId = takeBuildId(Named);
  if (Named.empty() || Named.back() != ')')
    return std::nullopt;
  size_t Start = moduleStart(Named);
  if (Start == std::string_view::npos)
    return std::nullopt;
  Frame.ModuleText = Body.substr(Start);
  if (!parseModule(Named.substr(Start + 1, Named.size() - Start - 2), Frame))
    return std::nullopt;
  if (Start > 3) {
    std::string_view Function = Body.substr(3, Start - 3);
    takeTrailingSpace(Function);
    parseFunction(Function, Frame);
  }
  return Frame;
}

/// The line up to the names: with the number, or whatever is in its place.
static std::string frameStart(const FrameLine &Frame, uint32_t Number) {
  std::string Line(Frame.Prefix);
  if (Frame.Style != FrameStyle::Kfence)
    Line += '#' + std::to_string(Number) + ' ';
  return Line;
}

std::string renumberedFrame(const FrameLine &Frame, uint32_t Number) {
  return frameStart(Frame, Number).append(Frame.Pc).append(Frame.Rest);
}

std::string symbolizedFrame(const FrameLine &Frame, uint32_t Number,
                            const Position &At) {
  std::string Line = frameStart(Frame, Number);
  if (Frame.Style != FrameStyle::Kfence)
    Line.append(Frame.Pc).append(" in ");
  Line += functionOf(At);
  if (Frame.Style == FrameStyle::Kfence)
    Line += offsetOf(At);
  if (At.Line != 0) {
    Line += ' ';
    Line += fileAndLine(At);
  }
  if (!Frame.ModuleText.empty() &&
      (Frame.Style != FrameStyle::Asan || At.Line == 0))
    Line.append(1, ' ').append(Frame.ModuleText);
  Line += Frame.Suffix;
  return Line;
}

/// The process number at the end of `Text`, between two "==".
static std::optional<std::string_view> trailingPid(std::string_view Text) {
  size_t Start = Text.find_last_not_of("0123456789");
  if (Start == std::string_view::npos || Start + 1 == Text.size() ||
      Start == 0 || Text.substr(Start - 1, 2) != "==")
    return std::nullopt;
  return Text.substr(Start + 1);
}

/// What a summary of AddressSanitizer calls what its headline says.
static std::string_view asanKind(std::string_view Text) {
  constexpr std::string_view Attempt = "attempting ";
  if (Text.substr(0, Attempt.size()) != Attempt)
    return Text.substr(0, std::min(Text.find(" on "), Text.find(" (")));
  Text.remove_prefix(Attempt.size());
  return Text.substr(0, 8) == "free on " ? "bad-free"
                                         : Text.substr(0, Text.find(" on "));
}

std::optional<Headline> parseHeadline(std::string_view Text) {
  constexpr std::string_view Own = "==ERROR: HeapFence: ",
                             Asan = "==ERROR: AddressSanitizer: ",
                             Kfence = "BUG: HeapFence: ";
  takeTrailingSpace(Text);
  for (std::string_view Tag : {Own, Asan}) {
    size_t At = Text.find(Tag);
    if (At == std::string_view::npos)
      continue;
    auto Pid = trailingPid(Text.substr(0, At));
    if (!Pid)
      return std::nullopt;
    std::string_view Kind = Text.substr(At + Tag.size());
    std::string_view Pc = Kind;
    Pc = takeUntil(Pc, " at pc ") ? Pc.substr(0, Pc.find(' '))
                                  : std::string_view();
    if (Tag == Asan)
      return Headline{FrameStyle::Asan, *Pid, asanKind(Kind), Pc};
    return Headline{FrameStyle::Default, *Pid,
                    Kind.substr(0, Kind.find(" on ")), Pc};
  }
  if (Text.substr(0, Kfence.size()) != Kfence)
    return std::nullopt;
  Text.remove_prefix(Kfence.size());
  // "wrong size in free in main": what follows is the place.
  return Headline{
      FrameStyle::Kfence, {}, Text.substr(0, Text.rfind(" in ")), {}};
}

std::string summaryHead(FrameStyle Style, std::string_view Kind) {
  if (Style == FrameStyle::Kfence)
    return {};
  const char *Tool =
      Style == FrameStyle::Asan ? "AddressSanitizer" : "HeapFence";
  return "SUMMARY: " + std::string(Tool) + ": " + escapeControls(Kind);
}

std::optional<SummaryLine> parseSummaryLine(std::string_view Text) {
  SummaryLine Summary;
  Summary.Suffix = takeTrailingSpace(Text);
  for (std::string_view Tag :
       {"SUMMARY: HeapFence: ", "SUMMARY: AddressSanitizer: "}) {
    size_t At = Text.find(Tag);
    if (At == std::string_view::npos || Text.back() != ')')
      continue;
    size_t Module = Text.find(" (", At + Tag.size());
    // A symbolic summary may end in the ')' of a function's parameters.
    FrameLine Frame;
    if (Module == std::string_view::npos ||
        !parseModule(Text.substr(Module + 2, Text.size() - Module - 3), Frame))
      continue;
    Summary.Head = Text.substr(0, Module);
    return Summary;
  }
  return std::nullopt;
}

std::optional<AccessLine> parseAccessLine(std::string_view Text) {
  constexpr std::string_view OfSize = " of size ", AnySize = "{*}";
  AccessLine Line = {FrameStyle::Default, Text, {}, 0};
  std::string_view Space = takeTrailingSpace(Line.Head), Rest = Line.Head;
  Line.Tail = Space;
  size_t Size = Rest.find(OfSize);
  if (Size != std::string_view::npos) {
    Line.Style = FrameStyle::Asan;
    Size += OfSize.size();
    Line.Tail = Text.substr(std::min(Size + AnySize.size(), Text.size()));
    Line.Head = Rest.substr(0, Size);
    if (Rest.substr(Size, AnySize.size()) != AnySize)
      return std::nullopt;
  } else if (Rest.find("READ at ") == Rest.npos &&
             Rest.find("WRITE at ") == Rest.npos &&
             Rest.find("access at ") == Rest.npos) {
    return std::nullopt;
  }
  if (!takeUntil(Rest, " at 0x"))
    return std::nullopt;
  auto Address =
      parseNumber<uint64_t>(Rest.substr(0, prefixLength<isHexDigit>(Rest)), 16);
  if (!Address || !takeUntil(Rest, " thread T") ||
      prefixLength<isDigit>(Rest) != Rest.size() || Rest.empty())
    return std::nullopt;
  Line.Address = *Address;
  return Line;
}

bool endsFirstStack(std::string_view Text) {
  for (std::string_view Mark :
       {" is located ", "freed by thread ", "allocated by thread "})
    if (Text.find(Mark) != std::string_view::npos)
      return true;
  return false;
}

bool isRule(std::string_view Text) {
  takeTrailingSpace(Text);
  return Text.size() > 60 &&
         Text.find_first_not_of('=') == std::string_view::npos;
}

std::string functionOf(const Position &At) {
  return At.Function.empty() ? "??" : escapeControls(At.Function);
}

std::string offsetOf(const Position &At) {
  if (!At.Offset)
    return {};
  char Digits[16];
  char *End = std::to_chars(Digits, std::end(Digits), *At.Offset, 16).ptr;
  return "+0x" + std::string(Digits, End);
}

std::string fileAndLine(const Position &At) {
  std::string Text = escapeControls(At.File.empty() ? "??" : At.File);
  Text += ':';
  Text += std::to_string(At.Line);
  if (At.Column != 0) {
    Text += ':';
    Text += std::to_string(At.Column);
  }
  return Text;
}

std::string escapeControls(std::string_view Text) {
  constexpr char Digits[] = "0123456789abcdef";
  std::string Safe;
  Safe.reserve(Text.size());
  while (!Text.empty()) {
    size_t Length = printableLength(Text);
    if (Length != 0) {
      Safe += Text.substr(0, Length);
      Text.remove_prefix(Length);
      continue;
    }
    auto Byte = static_cast<unsigned char>(Text[0]);
    Safe += "\\x";
    Safe += Digits[Byte >> 4];
    Safe += Digits[Byte & 15];
    Text.remove_prefix(1);
  }
  return Safe;
}

} // namespace heapfence
