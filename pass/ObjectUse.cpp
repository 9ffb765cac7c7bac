// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Follows the uses of a new object.

#include "ObjectUse.h"
#include "HeapCall.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/KnownBits.h"

using namespace llvm;

namespace heapfence {

namespace {

/// Functions of the C library that read bytes, or fill them from the start, and
/// neither keep the pointer nor return it.
constexpr StringLiteral Readers[] = {
    "strlen", "strnlen", "strcmp",      "strncmp", "strcasecmp", "strncasecmp",
    "memcmp", "bcmp",    "strtol",      "strtoul", "atoi",       "atol",
    "atof",   "puts",    "fputs",       "printf",  "fprintf",    "perror",
    "write",  "pwrite",  "send",        "fwrite",  "open",       "fopen",
    "unlink", "strdup",  "__printf_chk"};
constexpr StringLiteral Fillers[] = {
    "snprintf",       "vsnprintf",       "sprintf",       "vsprintf",
    "__snprintf_chk", "__vsnprintf_chk", "__sprintf_chk", "__vsprintf_chk",
    "read",           "pread",           "recv",          "fread"};

class UseWalk {
public:
  explicit UseWalk(const CallBase &Call)
      : Layout(Call.getModule()->getDataLayout()) {
    follow(Call);
    Result.IsBytes = Call.getRetAlign().valueOrOne() == Align(1);
  }

  ObjectUse run() {
    constexpr unsigned MaxUses = 200;
    for (unsigned Count = 0; !Pointers.empty();) {
      const Value *Pointer = Pointers.pop_back_val();
      for (const Use &U : Pointer->uses()) {
        if (++Count > MaxUses)
          return {};
        look(U);
      }
    }
    return Result;
  }

private:
  void follow(const Value &V) {
    if (Seen.insert(&V).second)
      Pointers.push_back(&V);
  }

  void notBytes() { Result.IsBytes = false; }

  void look(const Use &U) {
    const auto *I = cast<Instruction>(U.getUser());
    if (const auto *Load = dyn_cast<LoadInst>(I))
      return access(Load->getAlign());
    if (const auto *Store = dyn_cast<StoreInst>(I))
      return U.getOperandNo() == StoreInst::getPointerOperandIndex()
                 ? access(Store->getAlign())
                 : keptIn(*Store->getPointerOperand());
    if (const auto *Step = dyn_cast<GetElementPtrInst>(I))
      return step(*Step);
    if (isa<PHINode>(I) || isa<SelectInst>(I) || isa<BitCastInst>(I))
      return follow(*I);
    if (isa<ICmpInst>(I))
      return;
    if (const auto *Call = dyn_cast<CallBase>(I))
      return handedTo(*Call, U);
    notBytes();
  }

  void access(Align Promised) {
    if (Promised > Align(1))
      notBytes();
  }

  /// A local variable holds the object, or another one at times.
  void keptIn(const Value &Place) {
    const auto *Variable = dyn_cast<AllocaInst>(&Place);
    if (!Variable || !all_of(Variable->users(), [&](const User *U) {
          const auto *Store = dyn_cast<StoreInst>(U);
          return isa<LoadInst>(U) ||
                 (Store && Store->getPointerOperand() == Variable) ||
                 (isa<CallBase>(U) &&
                  cast<CallBase>(U)->isLifetimeStartOrEnd());
        }))
      return notBytes();
    for (const User *U : Variable->users())
      if (isa<LoadInst>(U) && U->getType()->isPointerTy())
        follow(*U);
  }

  void step(const GetElementPtrInst &Step) {
    APInt Offset(Layout.getIndexTypeSizeInBits(Step.getType()), 0);
    if (Step.accumulateConstantOffset(Layout, Offset))
      Result.ReachesDown |= Offset.isNegative();
    else if (all_of(Step.indices(), [&](const Value *Index) {
               return computeKnownBits(Index, Layout).isNonNegative();
             }))
      Result.GrowsUp = true;
    follow(Step);
  }

  void handedTo(const CallBase &Call, const Use &U) {
    if (const auto *Copy = dyn_cast<MemIntrinsic>(&Call)) {
      unsigned Number = Call.getArgOperandNo(&U);
      access(Copy->getParamAlign(Number).valueOrOne());
      Result.GrowsUp |= !isa<ConstantInt>(Copy->getLength());
      return;
    }
    if (Call.isLifetimeStartOrEnd())
      return;
    const Function *Callee = Call.getCalledFunction();
    if (!Callee || !Call.isArgOperand(&U))
      return notBytes();
    if (std::optional<HeapFunction> Heap = matchHeapFunction(*Callee))
      if (isDeallocation(shapeOf(*Heap)) || shapeOf(*Heap) == Shape::Realloc)
        return;
    bool Fills = is_contained(Fillers, Callee->getName());
    if (!Callee->isDeclaration() ||
        !(Fills || is_contained(Readers, Callee->getName())))
      return notBytes();
    Result.GrowsUp |= Fills;
  }

  const DataLayout &Layout;
  SmallVector<const Value *> Pointers;
  SmallPtrSet<const Value *, 16> Seen;
  ObjectUse Result;
};

} // namespace

ObjectUse objectUseOf(const CallBase &Call) {
  return Call.getType()->isPointerTy() ? UseWalk(Call).run() : ObjectUse();
}

} // namespace heapfence
