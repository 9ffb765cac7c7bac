// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which source lines the user wants looked at first: the changed ones, say.

#ifndef HEAPFENCE_PASS_FOCUSLIST_H
#define HEAPFENCE_PASS_FOCUSLIST_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>
#include <vector>

namespace llvm {
class DILocation;
}

namespace heapfence {

class FocusList {
public:
  /// `Spec`: items separated by ',', each one of
  ///   FILE             all lines of the file
  ///   FILE:N, FILE:N-M some of them
  ///   git-diff         what `git diff HEAD` says is new or changed, from the
  ///                    current directory on
  /// FILE is a path, or the end of one. "": no line.
  explicit FocusList(llvm::StringRef Spec);

  /// What is wrong with the spec, or nothing.
  const std::string &error() const { return Error; }

  bool contains(llvm::StringRef File, unsigned Line) const;
  /// True if `At`, or a call that it is inlined at, is listed.
  bool contains(const llvm::DILocation *At) const;

private:
  using Range = std::pair<unsigned, unsigned>; ///< First and last line.

  void addItem(llvm::StringRef Item);
  void addGitDiff();
  void addDiff(llvm::StringRef Text);
  void add(llvm::StringRef File, Range Lines);

  llvm::StringMap<std::vector<Range>> Files; ///< By path as given.
  std::string Error;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_FOCUSLIST_H
