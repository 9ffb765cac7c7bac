// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the site records and weight cells of a module, and the constructor that
// registers the linked module with the runtime.

#ifndef HEAPFENCE_PASS_SITETABLE_H
#define HEAPFENCE_PASS_SITETABLE_H

#include "FocusList.h"
#include "HeapCall.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"

namespace llvm {
class DILocation;
}

namespace heapfence {

/// The constants that a site's guard refers to.
struct SiteRef {
  llvm::Constant *Record;
  llvm::Constant *Weight; ///< null for a deallocation site.
};

class SiteTable {
public:
  /// Sites on lines of `Focus` are marked. `IsStatic`: those of allocations
  /// have static branches.
  SiteTable(llvm::Module &M, const FocusList &Focus, bool IsStatic);

  /// True for a module that link-time optimization will read.
  static bool isForLinkTime(const llvm::Module &M);
  /// A text unique in the link; empty unless another module may import
  /// functions of this one.
  static std::string importId(llvm::Module &M);

  /// Emits one record for each of `Calls`, all of which are in `F`, and one
  /// weight cell for each allocation among them.
  ///
  /// Per function: `@sites` in section "heapfence_sites", tied to the function
  /// by !associated (and its comdat), so that the linker keeps exactly the
  /// records of the functions it keeps; `@weights` apart from it, writable.
  /// In a module for link-time optimization neither is tied to the function,
  /// which may be inlined elsewhere and deleted: what is referred to is kept.
  llvm::SmallVector<SiteRef> addFunction(llvm::Function &F,
                                         llvm::ArrayRef<HeapCall> Calls);

  /// Emits the constructor and destructor, one of each per linked module.
  /// Call it once, after the last `addFunction`, if that was called at all.
  void finish();

private:
  llvm::Constant *describe(const HeapCall &Call, llvm::Constant *Self,
                           llvm::Constant *Weight);
  uint8_t flagsOf(const HeapCall &Call) const;
  llvm::Constant *placeOf(const HeapCall &Call, llvm::Constant *Self);
  llvm::Constant *sourceFrame(llvm::Constant *Self, llvm::StringRef File,
                              llvm::StringRef Function, unsigned Line,
                              unsigned Column, llvm::Constant *InlinedAt);
  llvm::Constant *sourceFrame(llvm::Constant *Self, const llvm::DILocation *At,
                              llvm::StringRef Outermost);
  llvm::Constant *inlinedAt(const llvm::DILocation *At,
                            llvm::StringRef Outermost);
  llvm::Constant *string(llvm::StringRef Text);
  llvm::Constant *relative(llvm::Constant *Target, llvm::Constant *Self,
                           llvm::StructType *T, unsigned Field);
  llvm::GlobalVariable *privateGlobal(llvm::Type *T, bool IsConstant,
                                      llvm::Constant *Init, const char *Name);
  llvm::GlobalVariable *placeWith(llvm::Function &F, llvm::GlobalVariable *G,
                                  const char *Section);

  llvm::Module &M;
  const FocusList &Focus;
  const bool IsStatic;
  const bool IsForLinkTime;
  const std::string ModuleId; ///< See `importId`.
  llvm::IntegerType *I8, *I32, *I64;
  llvm::StructType *FrameType, *SiteType;
  llvm::StringMap<llvm::Constant *> Strings;
  llvm::DenseMap<const llvm::DILocation *, llvm::Constant *> InlineFrames;
  llvm::SmallVector<llvm::GlobalValue *> Kept;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_SITETABLE_H
