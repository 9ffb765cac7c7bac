// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// By mangled name: only those overloads that the library's headers do not
// define in the class, and so have no body where its instances are used.

#include "OwnStrings.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <algorithm>

using namespace llvm;

namespace heapfence {

/// Defined by the header; of internal linkage.
static constexpr const char *Marker = "_ZL23__heapfence_own_strings";

/// Members of basic_string<char>, by name and parameters.
static constexpr const char *Allocating[] = {
    "10_M_replaceEmmPKcm", "12_M_constructEmc", "14_M_replace_auxEmmmc",
    "6resizeEmc",          "7reserveEv",        "7reserveEm",
    "9_M_appendEPKcm",     "9_M_assignERKS4_",  "9_M_createERmm",
    "9_M_mutateEmmPKcm"};
static constexpr const char *Others[] = {"4copyEPcmm",
                                         "4findEPKcmm",
                                         "4findEcm",
                                         "4swapERS4_",
                                         "5rfindEPKcmm",
                                         "5rfindEcm",
                                         "7compareEPKc",
                                         "7compareEmmPKc",
                                         "7compareEmmPKcm",
                                         "7compareEmmRKS4_",
                                         "7compareEmmRKS4_mm",
                                         "8_M_eraseEmm",
                                         "12find_last_ofEPKcmm",
                                         "13find_first_ofEPKcmm",
                                         "16find_last_not_ofEPKcmm",
                                         "16find_last_not_ofEcm",
                                         "17find_first_not_ofEPKcmm",
                                         "17find_first_not_ofEcm"};

/// Returns: what follows the class in the name of a member function of
/// basic_string<char> or, as if it were one, of basic_string<wchar_t>.
static std::string memberOfString(StringRef Name) {
  if (!Name.consume_front("_ZNSt7__cxx1112basic_stringI") &&
      !Name.consume_front("_ZNKSt7__cxx1112basic_stringI"))
    return "";
  if (Name.consume_front("cSt11char_traitsIcESaIcEE"))
    return Name.str();
  if (!Name.consume_front("wSt11char_traitsIwESaIwEE"))
    return "";
  auto [Member, Parameters] = Name.split('E');
  std::string Letters = Parameters.str();
  std::replace(Letters.begin(), Letters.end(), 'w', 'c');
  return (Member + "E" + Letters).str();
}

void keepStringsOutOfLine(Module &M) {
  GlobalVariable *Mark = M.getNamedGlobal(Marker);
  if (!Mark)
    return;
  removeFromUsedLists(
      M, [&](Constant *C) { return C->stripPointerCasts() == Mark; });
  if (Mark->use_empty())
    Mark->eraseFromParent();
  for (Function &F : M) {
    std::string Member =
        F.hasLinkOnceODRLinkage() ? memberOfString(F.getName()) : "";
    bool IsOther = is_contained(Others, Member);
    if (!IsOther && !is_contained(Allocating, Member))
      continue;
    F.addFnAttr(Attribute::NoInline);
    if (!F.hasOptNone())
      F.addFnAttr(Attribute::OptimizeForSize);
    if (IsOther) {
      F.setLinkage(GlobalValue::AvailableExternallyLinkage);
      F.setComdat(nullptr);
    }
  }
}

} // namespace heapfence
