// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Three stages, each a class: `ModuleTable` answers what is at an offset of a
// module, `ReportRewriter` turns lines into lines, the functions at the end
// read and write. The report is untrusted: it may name any file and carry any
// bytes; only regular ELF files whose build id fits are looked into.

#include "symbolize.h"
#include "frame_line.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#if HEAPFENCE_HAS_DEBUGINFOD
#include "llvm/Debuginfod/BuildIDFetcher.h"
#include "llvm/Debuginfod/HTTPClient.h"
#endif

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unordered_map>

using namespace llvm;

namespace heapfence {

namespace {

/// Longer lines are copied unread.
constexpr size_t MaxLineBytes = 64 << 10;
/// A name that the report carries stays mangled if it demangles to more.
constexpr size_t MaxNameBytes = 16 << 10;
/// A report of the runtime has a few KiB; the rest of a longer one is ignored.
constexpr size_t MaxReportBytes = 4 << 20;
/// Bounds on what a hostile stream can make us remember.
constexpr size_t MaxModules = 4096, MaxCacheEntries = 64 << 10;

StringRef toRef(std::string_view Text) { return {Text.data(), Text.size()}; }

bool isMangled(StringRef Name) {
  return Name.take_front(2) == "_Z" || Name.take_front(2) == "_R";
}

/// Demangles a name that a module's symbols gave.
std::string demangleSymbol(const std::string &Name) {
  return isMangled(Name) ? demangle(Name) : Name;
}

bool writeAll(int Fd, StringRef Text) {
  while (!Text.empty()) {
    ssize_t Written = write(Fd, Text.data(), Text.size());
    if (Written < 0 && errno != EINTR)
      return false;
    if (Written > 0)
      Text = Text.drop_front(Written);
  }
  return true;
}

/// Appends what one read() gives, up to `Limit` bytes.
/// Returns: the number of bytes; 0: end of file; negative: error.
ssize_t readSome(int Fd, std::string &Text, size_t Limit) {
  size_t Before = Text.size();
  Text.resize(Before + Limit);
  ssize_t Read;
  do
    Read = read(Fd, Text.data() + Before, Limit);
  while (Read < 0 && errno == EINTR);
  Text.resize(Before + std::max<ssize_t>(Read, 0));
  return Read;
}

//===--- Names from the report --------------------------------------------===//

/// What the child process of `demangleUntrusted` does.
[[noreturn]] void demangleInChild(const std::string &Name, int Output) {
  constexpr rlimit NoCore = {0, 0}, CpuSeconds = {1, 1};
  constexpr rlimit DataBytes = {128 << 20, 128 << 20};
  bool Bounded = setrlimit(RLIMIT_CORE, &NoCore) == 0 &&
                 setrlimit(RLIMIT_CPU, &CpuSeconds) == 0 &&
                 setrlimit(RLIMIT_DATA, &DataBytes) == 0;
  _exit(Bounded && writeAll(Output, demangle(Name)) ? 0 : 1);
}

/// Demangles a name that the report carries. A short mangled name can stand
/// for exponentially long text, and a long one can exhaust the demangler's
/// stack, hence the bounded child process.
/// Returns: `Name` itself if it is no mangled name or out of bounds.
std::string demangleUntrusted(const std::string &Name) {
  int Pipe[2];
  if (!isMangled(Name) || pipe2(Pipe, O_CLOEXEC) != 0)
    return Name;
  pid_t Child = fork();
  if (Child == 0)
    demangleInChild(Name, Pipe[1]);
  close(Pipe[1]);
  std::string Text;
  while (Text.size() <= MaxNameBytes && readSome(Pipe[0], Text, 4096) > 0)
    ;
  close(Pipe[0]); // A child that still writes dies of SIGPIPE.
  int Status = 1;
  if (Child < 0)
    return Name;
  while (waitpid(Child, &Status, 0) < 0 && errno == EINTR)
    ;
  return Status == 0 && !Text.empty() ? Text : Name;
}

//===--- Modules ----------------------------------------------------------===//

using ObjectFile = object::OwningBinary<object::ObjectFile>;

/// Opens a regular ELF file. A report may name a terminal or a FIFO as well,
/// and to open those has effects.
std::optional<ObjectFile> openObject(StringRef Path) {
  if (!sys::fs::is_regular_file(Path))
    return std::nullopt;
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return std::nullopt;
  auto Object = object::ObjectFile::createELFObjectFile(**Buffer);
  if (!Object) {
    consumeError(Object.takeError());
    return std::nullopt;
  }
  return ObjectFile(std::move(*Object), std::move(*Buffer));
}

/// Returns: the build id of the file; empty: it has none.
object::BuildIDRef buildIdOf(const ObjectFile &File) {
  // LLVM 16 returns an optional, later versions the reference itself.
  std::optional<object::BuildIDRef> Id = object::getBuildID(File.getBinary());
  return Id.value_or(object::BuildIDRef());
}

/// Returns: the contents of the section; empty: there is none.
StringRef sectionContents(const ObjectFile &File, StringRef Name) {
  for (const object::SectionRef &Section : File.getBinary()->sections()) {
    Expected<StringRef> SectionName = Section.getName();
    if (!SectionName) {
      consumeError(SectionName.takeError());
      continue;
    }
    if (*SectionName != Name)
      continue;
    if (Expected<StringRef> Contents = Section.getContents())
      return *Contents;
    else
      consumeError(Contents.takeError());
  }
  return {};
}

bool hasDebugInfo(const ObjectFile &File) {
  return !sectionContents(File, ".debug_info").empty() ||
         !sectionContents(File, ".zdebug_info").empty();
}

/// Finds the separate debug file that .gnu_debuglink of the file at `Path`
/// names. Section: file name, null, padding to 4 bytes, CRC-32 of the file.
std::optional<ObjectFile> openDebugLink(const ObjectFile &File,
                                        StringRef Path) {
  StringRef Link = sectionContents(File, ".gnu_debuglink");
  StringRef Name = Link.take_until([](char C) { return C == 0; });
  uint64_t CrcAt = alignTo(Name.size() + 1, 4);
  if (Name.empty() || Name.contains('/') || Link.size() < CrcAt + 4)
    return std::nullopt;
  DataExtractor Data(Link, File.getBinary()->isLittleEndian(), 8);
  uint32_t Crc = Data.getU32(&CrcAt);
  std::string Directory = sys::path::parent_path(Path).str();
  for (const std::string &Parent :
       {Directory, Directory + "/.debug", "/usr/lib/debug" + Directory}) {
    std::optional<ObjectFile> Debug = openObject(Parent + "/" + Name.str());
    if (Debug &&
        crc32(arrayRefFromStringRef(Debug->getBinary()->getData())) == Crc)
      return Debug;
  }
  return std::nullopt;
}

/// One module of the reports and what was found for it.
struct Module {
  std::string Name;
  std::vector<ObjectFile> Objects; ///< In the order to be asked.
  const char *Problem = nullptr; ///< Why lines are unknown; null: they aren't.
  bool AnyFunction = false;      ///< A lookup gave a function at least.
  std::unordered_map<uint64_t, std::vector<Position>> Known; ///< By offset.
};

class ModuleTable {
public:
  ModuleTable(const SymbolizeOptions &Options, bool UseNetwork);

  /// Returns: the inline chain at the frame's module and offset, innermost
  /// first; empty: nothing is known. Valid until the next call.
  ArrayRef<Position> lookUp(const FrameLine &Frame);

  /// Says which modules could not be symbolized and why.
  void explain(raw_ostream &OS, Verbosity Say) const;

private:
  Module *moduleOf(const FrameLine &Frame);
  void load(Module &M, const std::string &Path, StringRef BuildId);
  std::optional<ObjectFile> fetch(object::BuildIDRef Id);
  std::vector<Position> positionsAt(const Module &M, uint64_t Offset);
  std::string substitutedPath(StringRef Path) const;

  const SymbolizeOptions &Options;
  std::unique_ptr<object::BuildIDFetcher> Fetcher;
  StringMap<Module> Modules; ///< By path and build id.
  symbolize::LLVMSymbolizer Symbolizer;
  size_t CacheEntries = 0;
};

std::unique_ptr<object::BuildIDFetcher>
createFetcher(std::vector<std::string> Directories,
              [[maybe_unused]] bool UseNetwork) {
  Directories.push_back("/usr/lib/debug");
#if HEAPFENCE_HAS_DEBUGINFOD
  if (UseNetwork && getenv("DEBUGINFOD_URLS")) {
    HTTPClient::initialize();
    return std::make_unique<DebuginfodFetcher>(std::move(Directories));
  }
#endif
  return std::make_unique<object::BuildIDFetcher>(std::move(Directories));
}

symbolize::LLVMSymbolizer::Options symbolizerOptions() {
  symbolize::LLVMSymbolizer::Options Options;
  Options.Demangle = false; // `demangleSymbol` knows more schemes.
  return Options;
}

ModuleTable::ModuleTable(const SymbolizeOptions &Options, bool UseNetwork)
    : Options(Options),
      Fetcher(createFetcher(Options.DebugFileDirectories, UseNetwork)),
      Symbolizer(symbolizerOptions()) {}

std::string ModuleTable::substitutedPath(StringRef Path) const {
  for (const auto &[Old, New] : Options.ModulePaths) {
    StringRef Tail = Path;
    if (Tail.consume_front(Old) &&
        (Tail.empty() || Tail[0] == '/' || StringRef(Old).ends_with("/")))
      return New + Tail.str();
  }
  return Path.str();
}

std::optional<ObjectFile> ModuleTable::fetch(object::BuildIDRef Id) {
  if (Id.size() < 2)
    return std::nullopt;
  std::optional<std::string> Path = Fetcher->fetch(Id);
  std::optional<ObjectFile> File;
  if (Path)
    File = openObject(*Path);
  if (File && buildIdOf(*File) != Id)
    File.reset();
  return File;
}

void ModuleTable::load(Module &M, const std::string &Path, StringRef BuildId) {
  std::string IdBytes;
  tryGetFromHex(BuildId, IdBytes);
  object::BuildIDRef Id = arrayRefFromStringRef(IdBytes);

  std::optional<ObjectFile> File = openObject(Path);
  if (!File)
    M.Problem = sys::fs::exists(Path) ? "not an ELF file" : "missing";
  if (File && !Id.empty() && buildIdOf(*File) != Id) {
    M.Problem = "build id differs";
    File.reset();
  }
  std::optional<ObjectFile> Debug;
  if (!File || !hasDebugInfo(*File))
    Debug = fetch(File ? buildIdOf(*File) : Id);
  if (!Debug && File && !hasDebugInfo(*File))
    Debug = openDebugLink(*File, Path);

  if (Debug)
    M.Objects.push_back(std::move(*Debug));
  if (File)
    M.Objects.push_back(std::move(*File));
  if (!M.Objects.empty())
    M.Problem = any_of(M.Objects, hasDebugInfo) ? nullptr : "no debug info";
}

Module *ModuleTable::moduleOf(const FrameLine &Frame) {
  std::string Key(Frame.Module);
  Key += '\0';
  Key += Frame.BuildId;
  auto Found = Modules.find(Key);
  if (Found != Modules.end())
    return &Found->second;
  if (Modules.size() == MaxModules)
    return nullptr;
  Module &M = Modules[Key];
  M.Name = std::string(Frame.Module);
  load(M, substitutedPath(M.Name), toRef(Frame.BuildId));
  return &M;
}

Position toPosition(const DILineInfo &Info) {
  Position At;
  if (Info.FunctionName != DILineInfo::BadString)
    At.Function = demangleSymbol(Info.FunctionName);
  if (Info.FileName != DILineInfo::BadString)
    At.File = Info.FileName;
  At.Line = At.File.empty() ? 0 : Info.Line;
  At.Column = Info.Column;
  return At;
}

std::vector<Position> ModuleTable::positionsAt(const Module &M,
                                               uint64_t Offset) {
  std::vector<Position> Best;
  for (const ObjectFile &File : M.Objects) {
    Expected<DIInliningInfo> Chain = Symbolizer.symbolizeInlinedCode(
        *File.getBinary(), {Offset, object::SectionedAddress::UndefSection});
    if (!Chain) {
      consumeError(Chain.takeError());
      continue;
    }
    std::vector<Position> Found;
    for (uint32_t I = 0; I < Chain->getNumberOfFrames(); ++I)
      Found.push_back(toPosition(Chain->getFrame(I)));
    if (Found.empty())
      continue;
    if (Found[0].Line != 0)
      return Found;
    if (Best.empty() && !Found[0].Function.empty())
      Best = std::move(Found);
  }
  return Best;
}

ArrayRef<Position> ModuleTable::lookUp(const FrameLine &Frame) {
  Module *M = moduleOf(Frame);
  if (!M || M->Objects.empty())
    return {};
  auto [Entry, IsNew] = M->Known.try_emplace(Frame.Offset);
  if (!IsNew)
    return Entry->second;
  if (++CacheEntries > MaxCacheEntries) {
    for (auto &Each : Modules)
      Each.second.Known.clear();
    CacheEntries = 1;
    Entry = M->Known.try_emplace(Frame.Offset).first;
  }
  Entry->second = positionsAt(*M, Frame.Offset);
  M->AnyFunction |= !Entry->second.empty();
  return Entry->second;
}

void ModuleTable::explain(raw_ostream &OS, Verbosity Say) const {
  constexpr size_t MaxNamed = 3;
  std::vector<std::string> Reasons;
  for (const auto &Each : Modules) {
    const Module &M = Each.second;
    // That a system library has functions but no lines is no news.
    if (M.Problem && (Say == Verbosity::EveryModule || !M.AnyFunction))
      Reasons.push_back(escapeControls(M.Name) + " (" + M.Problem + ")");
  }
  if (Reasons.empty() || Say == Verbosity::Quiet)
    return;
  sort(Reasons);
  if (Say == Verbosity::EveryModule) {
    for (const std::string &Reason : Reasons)
      OS << "heapfence: not symbolized: " << Reason << '\n';
    return;
  }
  size_t Named = std::min(Reasons.size(), MaxNamed);
  OS << "heapfence: not symbolized: "
     << join(Reasons.begin(), Reasons.begin() + Named, ", ");
  if (Named < Reasons.size())
    OS << " and " << Reasons.size() - Named
       << " more (--verbose names all of them)";
  OS << '\n';
}

//===--- Lines ------------------------------------------------------------===//

/// How well a position tells where the bug is.
enum class SummaryRank { None, Library, Program };

/// Returns: false for code that merely acts on the program's behalf: the
/// allocator, libc, the standard library, HeapFence.
bool isProgramCode(StringRef ModulePath, const Position &At) {
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

std::string rawPlaceOf(const FrameLine &Frame) {
  std::string Text = " (";
  if (Frame.Module.empty())
    Text += Frame.Pc;
  else
    Text.append(Frame.Module)
        .append("+0x")
        .append(utohexstr(Frame.Offset, /*LowerCase=*/true));
  return Text += ')';
}

class ReportRewriter {
public:
  explicit ReportRewriter(ModuleTable &Modules) : Modules(Modules) {}

  /// Appends what `Line`, without its '\n', becomes: lines separated by '\n'.
  /// Returns: false if it becomes nothing.
  bool rewrite(std::string_view Line, std::string &Out);

  /// Returns: the end of a SUMMARY line, from the blank after the kind on;
  /// empty: no place in the current report's first stack is known.
  std::string place() const;

  /// The raw form of `place`.
  const std::string &rawPlace() const { return FirstPlace; }

  bool anySymbolized() const { return AnySymbolized; }

private:
  bool rewriteFrame(const FrameLine &Frame, std::string &Out);
  void renumber(const FrameLine &Frame);
  bool isRestOfChain(const FrameLine &Frame) const;
  std::optional<Position> ownPosition(const FrameLine &Frame);
  void noteForSummary(const FrameLine &Frame, const Position &At);
  void startReport();

  /// A chain of inlined calls that came with the report and was replaced.
  struct Chain {
    std::string Call;  ///< pc and module, the same in all of the chain.
    std::string First; ///< Function and position of its first frame.
  };
  static Chain chainOf(const FrameLine &Frame);

  ModuleTable &Modules;
  StringMap<std::string> Demangled; ///< Cache of `demangleUntrusted`.
  bool AnySymbolized = false;

  // The current stack.
  uint32_t LastNumber = 0; ///< As read.
  uint32_t NextNumber = 1; ///< To be printed.
  bool IsRepeat = false;   ///< The frame follows `LastNumber` in its stack.
  std::optional<Chain> Replaced;

  // The current report.
  bool InFirstStack = false;
  SummaryRank Rank = SummaryRank::None;
  Position SummaryAt;
  std::string FirstPlace;
};

void ReportRewriter::startReport() {
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
  if (Demangled.size() > MaxCacheEntries)
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
  std::string Text;
  if (Rank == SummaryRank::None)
    return Text;
  Text.append(1, ' ').append(fileAndLine(SummaryAt)).append(" in ");
  Text +=
      SummaryAt.Function.empty() ? "??" : escapeControls(SummaryAt.Function);
  return Text;
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

bool ReportRewriter::rewrite(std::string_view Line, std::string &Out) {
  if (std::optional<FrameLine> Frame = parseFrameLine(Line))
    return rewriteFrame(*Frame, Out);
  if (parseHeadline(Line))
    startReport();
  else if (endsFirstStack(Line))
    InFirstStack = false;
  else if (std::optional<SummaryLine> Summary = parseSummaryLine(Line)) {
    std::string Place = place();
    startReport();
    InFirstStack = false;
    if (!Place.empty()) {
      Out.append(Summary->Head).append(Place).append(Summary->Suffix);
      return true;
    }
  }
  Out += Line;
  return true;
}

//===--- Streams ----------------------------------------------------------===//

/// Calls `Each` for each line of `Text` that has a '\n', without it.
/// Returns: the rest of `Text`.
template <typename Function>
StringRef forEachLine(StringRef Text, Function Each) {
  for (size_t End; (End = Text.find('\n')) != StringRef::npos;
       Text = Text.drop_front(End + 1))
    Each(Text.take_front(End));
  return Text;
}

} // namespace

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
  Rewriter.rewrite(Input, Output);
  bool IsWritten = writeAll(STDOUT_FILENO, Output);
  Modules.explain(errs(), Options.Say);
  return IsWritten && Read == 0 ? 0 : 1;
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
  std::string Output, Kind;
  auto RewriteLine = [&](StringRef Line) {
    std::string_view Text = Line;
    auto Head = parseHeadline(Text);
    if (Output.empty()) {
      if (!Head)
        return;
      Kind = Head->Kind;
      Rewriter.rewrite(Text, Output);
      Output = "==" + std::string(Head->Pid) + "==HeapFence: symbolized:\n";
      return;
    }
    if (Line.size() > MaxLineBytes)
      return;
    if (Rewriter.rewrite(Text, Output))
      Output += '\n';
  };
  StringRef Rest = forEachLine(Input, RewriteLine);
  if (!Rest.empty())
    RewriteLine(Rest);
  if (!Rewriter.anySymbolized())
    return 3;
  std::string Place = Rewriter.place();
  Output += "SUMMARY: HeapFence: " + escapeControls(Kind) +
            (Place.empty() ? Rewriter.rawPlace() : Place) + '\n';
  return writeAll(STDOUT_FILENO, Output) ? 0 : 1;
}

} // namespace heapfence
