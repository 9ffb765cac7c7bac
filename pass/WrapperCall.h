// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recognises a call of an allocation wrapper, which gives the allocations under
// it a context. Pure: reads the IR, changes nothing.
//
// A wrapper is what returns a pointer, and
//   - is declared or was inferred to return fresh memory (noalias, allocsize,
//     allockind), or
//   - has an unmangled name with "alloc", "strdup", "strndup", "memdup" or
//     "mprintf" in it, or
//   - is named in the wrapper list.
// By name also the function that a global variable points to: xmlMalloc(n).
//
// A wrapper's own call of the wrapper that makes its result is no context:
// those who call the outer one are.

#ifndef HEAPFENCE_PASS_WRAPPERCALL_H
#define HEAPFENCE_PASS_WRAPPERCALL_H

#include "HeapCall.h"
#include "ListFile.h"
#include "llvm/Analysis/TargetLibraryInfo.h"

namespace heapfence {

class WrapperRules {
public:
  /// `List` is a file of lines `wrapper:GLOB`, or "".
  explicit WrapperRules(const std::string &List) : List(List) {}

  /// What is wrong with the list, or nothing.
  const std::string &error() const { return List.error(); }

  /// Returns: nothing also for a call that has no helper: another calling
  /// convention than C's or fastcc, variable arguments, arguments in memory
  /// (byval, sret, ...), operand bundles, musttail.
  std::optional<HeapCall> match(llvm::CallBase &Call,
                                const llvm::TargetLibraryInfo &Library) const;

private:
  bool isWrapper(const llvm::CallBase &Call,
                 const llvm::TargetLibraryInfo &Library) const;
  bool isWrapper(const llvm::Function &F) const;
  bool makesResultOfWrapper(const llvm::CallBase &Call) const;
  bool hasWrapperName(llvm::StringRef Name) const;

  ListFile List;
};

/// The prototype and calling convention of a call, one letter and its
/// modifiers per argument: equal text means that one helper serves both.
/// Returns: nothing where an argument has no letter.
std::optional<std::string> prototypeLetters(const llvm::CallBase &Call);

/// Attributes of an argument that change how it is passed, of those that a
/// wrapper's argument may have.
inline constexpr llvm::Attribute::AttrKind PassingAttributes[] = {
    llvm::Attribute::ZExt, llvm::Attribute::SExt, llvm::Attribute::InReg};

} // namespace heapfence

#endif // HEAPFENCE_PASS_WRAPPERCALL_H
