// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file that names parts of the program: section [heapfence] of a special case
// list.

#ifndef HEAPFENCE_PASS_LISTFILE_H
#define HEAPFENCE_PASS_LISTFILE_H

#include "llvm/Support/SpecialCaseList.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <string>

namespace heapfence {

class ListFile {
public:
  /// No file for "": an empty list.
  explicit ListFile(const std::string &Path) {
    if (!Path.empty())
      List = llvm::SpecialCaseList::create(
          {Path}, *llvm::vfs::getRealFileSystem(), Error);
  }

  /// What is wrong with the file, or nothing.
  const std::string &error() const { return Error; }

  /// True if an entry `Prefix:GLOB` matches `Query`.
  bool contains(llvm::StringRef Prefix, llvm::StringRef Query) const {
    return List && List->inSection("heapfence", Prefix, Query);
  }

private:
  std::unique_ptr<llvm::SpecialCaseList> List;
  std::string Error;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_LISTFILE_H
