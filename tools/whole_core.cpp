// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Completes a core file by the files that the process had mapped.

#include "whole_core.h"

#include <cstring>

namespace heapfence {

static std::optional<ElfHeaders> headersOf(const FileView &File) {
  return readElfHeaders([&](uint64_t Offset, void *To, size_t Size) {
    std::string_view Bytes = File.bytes();
    if (Offset > Bytes.size() || Size > Bytes.size() - Offset)
      return false;
    memcpy(To, Bytes.data() + Offset, Size);
    return true;
  });
}

std::optional<ElfHeaders> WholeCore::headersAt(uint64_t Begin) const {
  return readElfHeaders([&](uint64_t Offset, void *To, size_t Size) {
    return Core->read(Begin + Offset, To, Size);
  });
}

bool WholeCore::checkExecutable(const FileView &File, const MappedFile &Mapped,
                                std::string &Problem) {
  std::optional<ElfHeaders> Given = headersOf(File);
  if (!Given) {
    Problem = "it is no executable of this architecture";
    return false;
  }
  Problem = "the core is of another executable";
  if (std::optional<ElfHeaders> There = headersAt(Mapped.At.Begin))
    return There->BuildId == Given->BuildId &&
           There->Header.e_entry == Given->Header.e_entry;
  // The core has no file-backed pages at all: the entry's place tells a little.
  uint64_t Bias = Mapped.At.Begin - Given->firstAddress();
  return Core->auxiliary(AT_ENTRY) == Given->Header.e_entry + Bias;
}

/// Shared objects that are as they were.
void WholeCore::provideOthers(const SymbolizeOptions &Options) {
  for (const MappedFile &F : Core->files()) {
    if (F.Offset || F.Path == Executable)
      continue;
    std::unique_ptr<FileView> File =
        FileView::open(substitutedPath(Options, plainPath(F.Path)));
    std::optional<ElfHeaders> Now, Then = headersAt(F.At.Begin);
    if (File)
      Now = headersOf(*File);
    if (!Now || (Then && Then->BuildId != Now->BuildId))
      continue;
    Core->provide(F.Path, File->bytes());
    Files.push_back(std::move(File));
  }
}

bool WholeCore::open(const CoreOptions &Options, std::string &Problem) {
  Core = CoreFile::open(Options.Core, Problem);
  Problem = Options.Core + ": " + Problem;
  if (!Core)
    return false;
  // The executable is what its program headers are in.
  uint64_t HeadersAt = Core->auxiliary(AT_PHDR).value_or(0);
  const MappedFile *Mapped = nullptr;
  for (const MappedFile &F : Core->files())
    if (F.At.contains(HeadersAt))
      Executable = F.Path;
  for (const MappedFile &F : Core->files())
    if (!Mapped && F.Path == Executable && !F.Offset)
      Mapped = &F;
  std::unique_ptr<FileView> File = FileView::open(Options.Executable);
  if (!File || !Mapped) {
    Problem = File ? Options.Core + ": it does not tell its executable"
                   : Options.Executable + ": it cannot be read";
    return false;
  }
  bool IsRight = checkExecutable(*File, *Mapped, Problem);
  Problem = Options.Executable + ": " + Problem;
  if (!IsRight)
    return false;
  Core->provide(Executable, File->bytes());
  Files.push_back(std::move(File));
  provideOthers(Options.Symbolize);
  return true;
}

} // namespace heapfence
