// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lines to be looked at first.

#include "FocusList.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <climits>
#include <optional>

using namespace llvm;

namespace heapfence {

FocusList::FocusList(StringRef Spec) {
  SmallVector<StringRef> Items;
  Spec.split(Items, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef Item : Items)
    if (Error.empty())
      addItem(Item);
}

void FocusList::add(StringRef File, Range Lines) {
  Files[sys::path::remove_leading_dotslash(File)].push_back(Lines);
}

void FocusList::addItem(StringRef Item) {
  if (Item == "git-diff")
    return addGitDiff();
  auto [File, Lines] = Item.rsplit(':');
  if (Lines.empty() && !Item.contains(':'))
    return add(Item, {0, UINT_MAX});
  auto [First, Last] = Lines.split('-');
  Range R;
  bool IsBad = File.empty() || First.getAsInteger(10, R.first);
  R.second = R.first;
  if (Lines.contains('-'))
    IsBad |= Last.getAsInteger(10, R.second) || R.second < R.first;
  if (IsBad)
    Error = "'" + Item.str() +
            "' is not FILE, FILE:LINE, FILE:FIRST-LAST or "
            "git-diff";
  else
    add(File, R);
}

void FocusList::addGitDiff() {
  ErrorOr<std::string> Git = sys::findProgramByName("git");
  SmallString<64> Output;
  if (!Git || sys::fs::createTemporaryFile("heapfence", "diff", Output)) {
    Error = "git-diff: there is no git";
    return;
  }
  FileRemover Remove(Output);
  std::optional<StringRef> Redirects[] = {StringRef(), Output.str(),
                                          StringRef()};
  // Paths from the current directory on: what is changed elsewhere is not
  // compiled here.
  int Status = sys::ExecuteAndWait(*Git,
                                   {*Git, "diff", "--relative", "--no-color",
                                    "--no-ext-diff", "--unified=0", "HEAD"},
                                   std::nullopt, Redirects);
  auto Text = MemoryBuffer::getFile(Output);
  if (Status || !Text) {
    Error = "git-diff: `git diff HEAD` fails";
    return;
  }
  addDiff((*Text)->getBuffer());
}

/// Reads a unified diff without context: "+++ b/FILE", "@@ -A,B +C,D @@".
void FocusList::addDiff(StringRef Text) {
  std::string File;
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    if (Line.consume_front("+++ ")) {
      File = Line.consume_front("b/") ? Line.rtrim("\t").str() : "";
      continue;
    }
    if (!Line.consume_front("@@ -"))
      continue;
    auto [First, Count] = Line.split('+').second.split(' ').first.split(',');
    unsigned Begin, Lines = 1;
    if (File.empty() || First.getAsInteger(10, Begin) ||
        (!Count.empty() && Count.getAsInteger(10, Lines)) || !Lines)
      continue; // A deleted file, or lines that are gone.
    add(File, {Begin, Begin + Lines - 1});
  }
}

/// True if `Path` is `Wanted`, or ends with it at a directory's border.
static bool isPathEnd(StringRef Path, StringRef Wanted) {
  return Path.consume_back(Wanted) && (Path.empty() || Path.back() == '/');
}

bool FocusList::contains(StringRef File, unsigned Line) const {
  for (const auto &Each : Files)
    if (isPathEnd(File, Each.first()))
      for (const Range &R : Each.second)
        if (Line >= R.first && Line <= R.second)
          return true;
  return false;
}

bool FocusList::contains(const DILocation *At) const {
  if (Files.empty())
    return false;
  for (; At; At = At->getInlinedAt()) {
    SmallString<128> Path(At->getFilename());
    if (sys::path::is_relative(Path)) {
      Path = At->getDirectory();
      sys::path::append(Path, At->getFilename());
    }
    if (contains(Path.str(), At->getLine()))
      return true;
  }
  return false;
}

} // namespace heapfence
