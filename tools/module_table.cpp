// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is at an offset of a module.

#include "module_table.h"
#include "demangle_name.h"
#include "instruction.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#if HEAPFENCE_HAS_DEBUGINFOD
#include "llvm/Debuginfod/BuildIDFetcher.h"
#include "llvm/Debuginfod/HTTPClient.h"
#endif

#include <cstdlib>

using namespace llvm;

namespace heapfence {

/// Bounds on what a hostile stream can make us remember.
static constexpr size_t MaxModules = 4096, MaxCacheEntries = 64 << 10;

static StringRef toRef(std::string_view Text) {
  return {Text.data(), Text.size()};
}

/// Opens a regular ELF file. A report may name a terminal or a FIFO as well,
/// and to open those has effects.
static std::optional<ObjectFile> openObject(StringRef Path) {
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
static object::BuildIDRef buildIdOf(const ObjectFile &File) {
  // LLVM 16 returns an optional, later versions the reference itself.
  std::optional<object::BuildIDRef> Id = object::getBuildID(File.getBinary());
  return Id.value_or(object::BuildIDRef());
}

/// Returns: the contents of the section; empty: there is none.
static StringRef sectionContents(const ObjectFile &File, StringRef Name) {
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

static bool hasDebugInfo(const ObjectFile &File) {
  return !sectionContents(File, ".debug_info").empty() ||
         !sectionContents(File, ".zdebug_info").empty();
}

/// Finds the separate debug file that .gnu_debuglink of the file at `Path`
/// names. Section: file name, null, padding to 4 bytes, CRC-32 of the file.
static std::optional<ObjectFile> openDebugLink(const ObjectFile &File,
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

static std::unique_ptr<object::BuildIDFetcher>
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

static symbolize::LLVMSymbolizer::Options symbolizerOptions() {
  symbolize::LLVMSymbolizer::Options Options;
  Options.Demangle = false; // `demangleSymbol` knows more schemes.
  return Options;
}

ModuleTable::ModuleTable(const SymbolizeOptions &Options, bool UseNetwork)
    : Options(Options),
      Fetcher(createFetcher(Options.DebugFileDirectories, UseNetwork)),
      Symbolizer(symbolizerOptions()) {}

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

ModuleTable::Module *ModuleTable::moduleOf(const FrameLine &Frame) {
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
  load(M, substitutedPath(Options, M.Name), toRef(Frame.BuildId));
  return &M;
}

static Position toPosition(const DILineInfo &Info) {
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
    // The others are inlined: they have no start of their own.
    std::optional<uint64_t> Start =
        Chain->getFrame(Chain->getNumberOfFrames() - 1).StartAddress;
    if (Start && *Start <= Offset)
      Found.back().Offset = Offset - *Start;
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

/// The code at an ELF virtual address; empty if the file has none there.
static ArrayRef<uint8_t> codeAt(const object::ObjectFile &File,
                                uint64_t Address) {
  for (const object::SectionRef &Section : File.sections()) {
    if (!Section.isText() || Section.isVirtual() ||
        Address - Section.getAddress() >= Section.getSize())
      continue;
    if (Expected<StringRef> Contents = Section.getContents())
      return arrayRefFromStringRef(*Contents).drop_front(
          std::min<uint64_t>(Address - Section.getAddress(), Contents->size()));
    else
      consumeError(Contents.takeError());
  }
  return {};
}

std::optional<arch::MemoryOperand>
ModuleTable::operandAt(const FrameLine &Frame, uint64_t Address) {
  Module *M = moduleOf(Frame);
  if (!M)
    return std::nullopt;
  for (const ObjectFile &File : M->Objects) {
    const auto *Elf = dyn_cast<object::ELFObjectFileBase>(File.getBinary());
    const arch::CoreCpu *Cpu = Elf ? arch::cpuOf(Elf->getEMachine()) : nullptr;
    const ArrayRef<uint8_t> Code = codeAt(*File.getBinary(), Frame.Offset);
    if (Cpu && !Code.empty())
      return heapfence::operandAt(*Cpu, Code, /*At=*/nullptr, Address);
  }
  return std::nullopt;
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

} // namespace heapfence
