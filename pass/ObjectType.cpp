// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types from metadata.

#include "ObjectType.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace heapfence {

/// The constant factor of a size in bytes: `Count * sizeof(T)`, as the front
/// end or the optimizer writes it; 0: there is none.
static uint64_t factorOf(const Value *Bytes) {
  const APInt *Factor;
  // new T[n]: -1, which is refused, where the product does not fit.
  if (Value *Product;
      match(Bytes, m_Select(m_Value(), m_AllOnes(), m_Value(Product))))
    Bytes = Product;
  if (auto *Field = dyn_cast<ExtractValueInst>(Bytes))
    if (auto *Product = dyn_cast<IntrinsicInst>(Field->getAggregateOperand());
        Product && Product->getIntrinsicID() == Intrinsic::umul_with_overflow &&
        match(Product->getArgOperand(1), m_APInt(Factor)))
      return Factor->getLimitedValue();
  if (match(Bytes, m_Mul(m_Value(), m_APInt(Factor))))
    return Factor->getLimitedValue();
  if (match(Bytes, m_Shl(m_Value(), m_APInt(Factor))))
    return Factor->ult(32) ? uint64_t(1) << Factor->getZExtValue() : 0;
  return 0;
}

/// On all targets that there are; 0: of another type.
static uint64_t scalarSize(StringRef Name) {
  if (Name.size() && Name.back() == '*')
    return 8;
  if (Name.substr(0, 9) == "unsigned ")
    Name = Name.substr(9);
  return StringSwitch<uint64_t>(Name)
      .Case("char", 1)
      .Case("signed char", 1)
      .Case("bool", 1)
      .Case("short", 2)
      .Case("int", 4)
      .Case("float", 4)
      .Case("long", 8)
      .Case("long long", 8)
      .Case("double", 8)
      .Default(0);
}

/// Without what only tells how it is accessed.
static StringRef unqualified(StringRef Name) {
  while (Name.consume_front("const ") || Name.consume_front("volatile "))
    ;
  return Name;
}

/// The argument that tells the bytes of an element, or of all of them.
static unsigned sizeOperand(Shape Form) {
  switch (Form) {
  case Shape::Calloc:
  case Shape::Realloc:
  case Shape::Memalign:
    return 1;
  case Shape::ReallocArray:
  case Shape::PosixMemalign:
    return 2;
  default:
    return 0;
  }
}

/// What the module knows of the type itself.
static uint64_t structSize(const HeapCall &Found, StringRef Name) {
  const DataLayout &Layout = Found.Call->getModule()->getDataLayout();
  for (const char *Kind : {"struct.", "class."})
    if (auto *Type = StructType::getTypeByName(Found.Call->getContext(),
                                               (Kind + Name).str());
        Type && Type->isSized())
      return Layout.getTypeAllocSize(Type);
  return 0;
}

static uint64_t elementSize(const HeapCall &Found, StringRef Name) {
  if (uint64_t Size = scalarSize(Name))
    return Size;
  const Value *Bytes = Found.Call->getArgOperand(sizeOperand(Found.Form));
  auto *Constant = dyn_cast<ConstantInt>(Bytes);
  if (uint64_t Size = structSize(Found, Name))
    // Else it is another type of that name.
    return !Constant || Constant->getZExtValue() % Size == 0 ? Size : 0;
  bool IsOfOne =
      Found.Form == Shape::Calloc || Found.Form == Shape::ReallocArray;
  if (Constant)
    return IsOfOne ? Constant->getZExtValue() : 0;
  return factorOf(Bytes);
}

ObjectType objectTypeOf(const HeapCall &Found) {
  ObjectType Result;
  uint64_t Size = 0;
  if (const MDNode *Site = Found.Call->getMetadata("heapallocsite")) {
    if (auto *Type = dyn_cast<DIType>(Site)) {
      Result.Name = Type->getName();
      Size = Type->getSizeInBits() / 8;
    }
  } else if (const MDNode *Token = Found.Call->getMetadata("alloc_token");
             Token && Token->getNumOperands()) {
    auto *Name = dyn_cast<MDString>(Token->getOperand(0));
    if (Name && Name->getString() != "void") {
      Result.Name = unqualified(Name->getString());
      Size = elementSize(Found, Result.Name);
    }
  }
  Result.Size = Size <= UINT32_MAX ? static_cast<uint32_t>(Size) : 0;
  return Result;
}

void keepTokensOnly(Module &M) {
  Attribute::AttrKind Kind =
      Attribute::getAttrKindFromName("sanitize_alloc_token");
  if (Kind == Attribute::None) // Before LLVM 22.
    return;
  for (Function &F : M)
    F.removeFnAttr(Kind);
}

} // namespace heapfence
