// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Adds up and lists what happened at each site.

#include "coverage.h"
#include "frame_line.h"

#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <map>

using namespace llvm;

namespace heapfence {

namespace {

/// What the runtime counts at a site, in the order of the output.
constexpr std::array<const char *, 7> CountNames = {
    "guarded", "freed", "reported", "no_time", "no_room", "refused", "in_vain"};
constexpr size_t Guarded = 0, InVain = 6;

struct SiteRecord {
  json::Array At; ///< Innermost first.
  std::string Callee;
  bool IsContext = false;
  std::array<uint64_t, CountNames.size()> Counts = {};
};

/// In the order of file, line and column of the innermost place.
using SiteKey = std::tuple<std::string, int64_t, int64_t, std::string>;
using SiteMap = std::map<SiteKey, SiteRecord>;

bool fail(const Twine &Message) {
  errs() << "heapfence: " << Message << '\n';
  return false;
}

SiteKey keyOf(const SiteRecord &S) {
  const json::Object *First = S.At.empty() ? nullptr : S.At[0].getAsObject();
  std::string Rest;
  raw_string_ostream OS(Rest);
  OS << json::Value(json::Array(S.At)) << S.Callee << S.IsContext;
  OS.flush();
  return {First ? First->getString("file").value_or("").str() : "",
          First ? First->getInteger("line").value_or(0) : 0,
          First ? First->getInteger("column").value_or(0) : 0, Rest};
}

/// Adds a line of a file. Returns: false if it is none of ours.
bool addLine(const json::Object &Line, SiteMap &Sites) {
  if (Line.getInteger("heapfence_coverage"))
    return Line.getInteger("heapfence_coverage") == 1;
  const json::Array *At = Line.getArray("at");
  if (!At || At->empty())
    return false;
  for (const json::Value &Frame : *At)
    if (!Frame.getAsObject() || !Frame.getAsObject()->getString("function"))
      return false;
  SiteRecord S;
  S.At = *At;
  S.Callee = Line.getString("callee").value_or("").str();
  S.IsContext = Line.getBoolean("context").value_or(false);
  SiteRecord &Sum = Sites.try_emplace(keyOf(S), std::move(S)).first->second;
  for (size_t I = 0; I != CountNames.size(); ++I)
    if (auto Count = Line.getInteger(CountNames[I]))
      Sum.Counts[I] += static_cast<uint64_t>(std::max<int64_t>(*Count, 0));
  return true;
}

bool readFile(const std::string &Path, SiteMap &Sites) {
  auto Buffer = MemoryBuffer::getFileOrSTDIN(Path, /*IsText=*/true);
  if (!Buffer)
    return fail(Path + ": " + Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  for (unsigned Number = 1; !Text.empty(); ++Number) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    if (Line.trim().empty())
      continue;
    Expected<json::Value> Value = json::parse(Line);
    if (!Value)
      return fail(Path + ":" + Twine(Number) + ": " +
                  toString(Value.takeError()));
    const json::Object *Object = Value->getAsObject();
    if (!Object || !addLine(*Object, Sites))
      return fail(Path + ":" + Twine(Number) +
                  ": not a line of HeapFence's coverage");
  }
  return true;
}

bool readFiles(const std::vector<std::string> &Inputs, SiteMap &Sites) {
  return all_of(Inputs,
                [&](const std::string &Path) { return readFile(Path, Sites); });
}

json::Object lineOf(const SiteRecord &S) {
  json::Object Line;
  Line["at"] = json::Array(S.At);
  if (S.IsContext)
    Line["context"] = true;
  else
    Line["callee"] = S.Callee;
  for (size_t I = 0; I != CountNames.size(); ++I)
    if (S.Counts[I])
      Line[CountNames[I]] = static_cast<int64_t>(S.Counts[I]);
  return Line;
}

/// Why a site was never guarded, as far as it is known.
std::string reasonOf(const SiteRecord &S) {
  std::string Text;
  for (size_t I = 0; I != CountNames.size(); ++I)
    if (S.Counts[I] && I != InVain)
      Text += (Text.empty() ? "" : ", ") + std::string(CountNames[I]) + " " +
              std::to_string(S.Counts[I]);
  if (Text.empty() && S.Counts[InVain])
    return "allocated nothing when it was looked at";
  return Text.empty() ? "not executed, as far as is known" : Text;
}

std::string functionOf(const json::Value &Frame) {
  std::string Name =
      Frame.getAsObject()->getString("function").value_or("").str();
  return escapeControls(demangle(Name));
}

void printSite(const SiteRecord &S) {
  const json::Object &First = *S.At[0].getAsObject();
  outs() << "    " << First.getInteger("line").value_or(0) << ':'
         << First.getInteger("column").value_or(0) << ' '
         << (S.IsContext ? "call of an allocator"
                         : escapeControls(demangle(S.Callee)));
  for (size_t I = 1; I < S.At.size(); ++I)
    outs() << ", inlined into " << functionOf(S.At[I]);
  outs() << ": " << reasonOf(S) << '\n';
}

} // namespace

int mergeCoverage(const std::vector<std::string> &Inputs,
                  const std::string &Output) {
  SiteMap Sites;
  if (!readFiles(Inputs, Sites))
    return 1;
  // An input may be the output: written only when all is read.
  std::error_code Error;
  raw_fd_ostream OS(Output, Error);
  if (Error)
    return fail(Output + ": " + Error.message()), 1;
  OS << json::Value(json::Object{{"heapfence_coverage", 1}}) << '\n';
  for (const auto &[Key, S] : Sites)
    OS << json::Value(lineOf(S)) << '\n';
  OS.close();
  if (OS.has_error()) {
    fail(Output + ": " + OS.error().message());
    OS.clear_error();
    return 1;
  }
  return 0;
}

int showCoverage(const std::vector<std::string> &Inputs, bool All) {
  SiteMap Sites;
  if (!readFiles(Inputs, Sites))
    return 1;
  size_t Total[2] = {}, Seen[2] = {}; // Of allocations, of contexts.
  std::string File, Function;
  for (const auto &[Key, S] : Sites) {
    ++Total[S.IsContext];
    Seen[S.IsContext] += S.Counts[Guarded] != 0;
    if (S.Counts[Guarded] && !All)
      continue;
    std::string ThisFile = escapeControls(std::get<0>(Key));
    if (ThisFile != File || Function.empty()) {
      File = ThisFile;
      Function.clear();
      outs() << (File.empty() ? "(file not known)" : File) << '\n';
    }
    std::string ThisFunction = functionOf(S.At[0]);
    if (ThisFunction != Function) {
      Function = ThisFunction;
      outs() << "  " << Function << '\n';
    }
    printSite(S);
  }
  outs() << Seen[0] << " of " << Total[0] << " allocation sites guarded, "
         << Seen[1] << " of " << Total[1] << " contexts\n";
  return 0;
}

} // namespace heapfence
