// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A core file with what it left out of the process's executable and shared
// objects: that is in their files, if they are still the same.

#ifndef HEAPFENCE_TOOLS_WHOLE_CORE_H
#define HEAPFENCE_TOOLS_WHOLE_CORE_H

#include "core_file.h"
#include "post_mortem.h"
#include "target_modules.h"

namespace heapfence {

class WholeCore {
public:
  /// Returns: false if it cannot be used; `Problem` says so, with the file.
  bool open(const CoreOptions &Options, std::string &Problem);

  const CoreFile &core() const { return *Core; }
  /// The executable's path in the process.
  const std::string &executablePath() const { return Executable; }

private:
  bool checkExecutable(const FileView &File, const MappedFile &Mapped,
                       std::string &Problem);
  void provideOthers(const SymbolizeOptions &Options);
  std::optional<ElfHeaders> headersAt(uint64_t Begin) const;

  std::unique_ptr<CoreFile> Core;
  std::string Executable;
  std::vector<std::unique_ptr<FileView>> Files;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_WHOLE_CORE_H
