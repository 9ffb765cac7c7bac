// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decide, collect, rewrite.

#include "HeapFencePass.h"
#include "Guard.h"
#include "ReturnTable.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SpecialCaseList.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#define DEBUG_TYPE "heapfence"

using namespace llvm;

STATISTIC(NumAllocationSites, "Number of allocation sites guarded");
STATISTIC(NumDeallocationSites, "Number of deallocation sites recorded");

namespace heapfence {

namespace {

/// Says which code is left as it is: by the user's choice (opted out), or for
/// what it is.
class Exclusions {
public:
  Exclusions(Module &M, const PassOptions &Options) {
    if (!Options.IgnoreList.empty())
      load(Options.IgnoreList, M);
    collectAnnotated(M);
  }

  /// What is wrong with the ignore list, or nothing.
  const std::string &error() const { return Error; }

  bool contains(const Function &F) const {
    return F.isDeclaration() || F.hasAvailableExternallyLinkage() ||
           F.hasFnAttribute(Attribute::Naked) || isSanitized(F) ||
           isCHeapFunctionName(F.getName()) || isOptedOut(F);
  }

  bool isOptedOut(const Function &F) const {
    return IsModuleListed || Annotated.contains(&F) ||
           F.hasFnAttribute(Attribute::DisableSanitizerInstrumentation) ||
           isListed("fun", F.getName());
  }

private:
  /// A sanitizer that owns the heap of this program would lose our objects.
  static bool isSanitized(const Function &F) {
    return F.hasFnAttribute(Attribute::SanitizeAddress) ||
           F.hasFnAttribute(Attribute::SanitizeHWAddress) ||
           F.hasFnAttribute(Attribute::SanitizeMemory) ||
           F.hasFnAttribute(Attribute::SanitizeThread);
  }

  bool isListed(StringRef Prefix, StringRef Query) const {
    return List && List->inSection("heapfence", Prefix, Query);
  }

  void load(const std::string &Path, const Module &M) {
    List = SpecialCaseList::create({Path}, *vfs::getRealFileSystem(), Error);
    IsModuleListed = isListed("src", M.getSourceFileName());
  }

  /// Functions declared HEAPFENCE_NO_SAMPLE: annotate("heapfence:off").
  void collectAnnotated(Module &M) {
    auto *Annotations = M.getNamedGlobal("llvm.global.annotations");
    auto *Array = Annotations && Annotations->hasInitializer()
                      ? dyn_cast<ConstantArray>(Annotations->getInitializer())
                      : nullptr;
    if (!Array)
      return;
    for (Value *Entry : Array->operands()) {
      auto *Fields = dyn_cast<ConstantStruct>(Entry);
      if (!Fields || Fields->getNumOperands() < 2)
        continue;
      auto *F = dyn_cast<Function>(Fields->getOperand(0)->stripPointerCasts());
      auto *Text =
          dyn_cast<GlobalVariable>(Fields->getOperand(1)->stripPointerCasts());
      auto *Data = Text && Text->hasInitializer()
                       ? dyn_cast<ConstantDataArray>(Text->getInitializer())
                       : nullptr;
      if (F && Data && Data->isCString() &&
          Data->getAsCString() == "heapfence:off")
        Annotated.insert(F);
    }
  }

  std::unique_ptr<SpecialCaseList> List;
  std::string Error;
  bool IsModuleListed = false;
  SmallPtrSet<const Function *, 8> Annotated;
};

void remarkMissed(CallBase &Call, const char *Reason) {
  OptimizationRemarkEmitter ORE(Call.getFunction());
  ORE.emit([&] {
    return OptimizationRemarkMissed(DEBUG_TYPE, "NotGuarded", &Call)
           << "heap call not guarded: "
           << ore::NV("Callee", Call.getCalledOperand()->getName()) << " is "
           << Reason;
  });
}

SmallVector<HeapCall> collect(Function &F, const PassOptions &Options) {
  SmallVector<HeapCall> Calls;
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || GuardEmitter::isGuarded(*Call))
      continue;
    HeapCallMatch Match = matchHeapCall(*Call);
    if (Match.Refusal)
      remarkMissed(*Call, Match.Refusal);
    if (!Match.Found)
      continue;
    bool IsFree = isDeallocation(Match.Found->Form);
    if (IsFree ? Options.FreeSites : Options.AllocSites)
      Calls.push_back(*Match.Found);
    else
      GuardEmitter::exempt(*Call);
  }
  return Calls;
}

/// The guard touches memory that an inferred memory() attribute denies: of the
/// functions in `Worklist`, and of their callers in the module.
void dropMemoryAttributes(SmallVector<Function *> Worklist) {
  SmallPtrSet<Function *, 16> Seen(Worklist.begin(), Worklist.end());
  while (!Worklist.empty()) {
    Function *F = Worklist.pop_back_val();
    F->removeFnAttr(Attribute::Memory);
    for (User *U : F->users()) {
      auto *Call = dyn_cast<CallBase>(U);
      if (!Call || Call->getCalledOperand() != F)
        continue;
      Call->removeFnAttr(Attribute::Memory);
      if (Seen.insert(Call->getFunction()).second)
        Worklist.push_back(Call->getFunction());
    }
  }
}

/// Tells the runtime that operator new is the program's own: calls of it must
/// all reach it.
void markReplacedNew(Module &M) {
  auto IsDefined = [&](const char *Name) {
    Function *F = M.getFunction(Name);
    return F && !F->isDeclaration() && !F->hasLocalLinkage() &&
           !F->hasAvailableExternallyLinkage();
  };
  if (!(IsDefined("_Znwm") || IsDefined("_Znam")) ||
      M.getNamedGlobal(ReplacesNewSymbol))
    return;
  Type *I8 = Type::getInt8Ty(M.getContext());
  appendToUsed(
      M, {new GlobalVariable(M, I8, true, GlobalValue::WeakAnyLinkage,
                             ConstantInt::get(I8, 1), ReplacesNewSymbol)});
}

/// Tells where code size counts for more than the time of a jump: in code that
/// is expected to run less often than its function is called.
class ColdCode {
public:
  ColdCode(Function &F, BlockFrequencyInfo &Frequency)
      : IsCold(F.hasFnAttribute(Attribute::Cold) || F.hasOptSize()),
        Frequency(Frequency),
        EntryFrequency(Frequency.getBlockFreq(&F.getEntryBlock())) {}

  bool contains(const BasicBlock *B) const {
    return IsCold || Frequency.getBlockFreq(B) < EntryFrequency;
  }

private:
  bool IsCold;
  BlockFrequencyInfo &Frequency;
  BlockFrequency EntryFrequency;
};

void guardCalls(Function &F, ArrayRef<HeapCall> Calls, ArrayRef<SiteRef> Sites,
                BlockFrequencyInfo &Frequency, GuardEmitter &Guard) {
  ColdCode Cold(F, Frequency);
  // Before the first guard splits a block.
  SmallVector<bool> IsCold;
  for (const HeapCall &Call : Calls)
    IsCold.push_back(GuardEmitter::canBeCold(Call) &&
                     Cold.contains(Call.Call->getParent()));
  // Backwards: a split then moves only what lies between two calls.
  for (size_t I = Calls.size(); I-- != 0;) {
    if (isDeallocation(Calls[I].Form)) {
      recordReturn(Calls[I], Sites[I].Record);
      GuardEmitter::exempt(*Calls[I].Call);
      ++NumDeallocationSites;
      continue;
    }
    if (IsCold[I])
      Guard.emitCold(Calls[I], Sites[I]);
    else
      Guard.emit(Calls[I], Sites[I]);
    ++NumAllocationSites;
  }
}

bool isSupportedTarget(const Module &M) {
  Triple T(M.getTargetTriple());
  return T.isOSLinux() && T.isArch64Bit() && (T.isX86() || T.isAArch64()) &&
         T.isLittleEndian() &&
         M.getDataLayout().getPointerSizeInBits() == 64; // Not x32.
}

} // namespace

PreservedAnalyses HeapFencePass::run(Module &M,
                                     ModuleAnalysisManager &Analyses) {
  // Device code of the same compilation comes here too: leave it alone.
  if (!isSupportedTarget(M))
    return PreservedAnalyses::all();
  markReplacedNew(M);
  Exclusions Excluded(M, Options);
  if (!Excluded.error().empty())
    M.getContext().emitError("heapfence-ignorelist: " + Excluded.error());
  SmallVector<std::pair<Function *, SmallVector<HeapCall>>> Work;
  for (Function &F : M)
    if (!Excluded.contains(F))
      if (SmallVector<HeapCall> Calls = collect(F, Options); !Calls.empty())
        Work.push_back({&F, std::move(Calls)});
  if (Work.empty())
    return PreservedAnalyses::all();

  auto &Functions =
      Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  GuardEmitter Guard(M);
  SiteTable Table(M);
  SmallVector<Function *> Changed;
  for (auto &[F, Calls] : Work) {
    guardCalls(*F, Calls, Table.addFunction(*F, Calls),
               Functions.getResult<BlockFrequencyAnalysis>(*F), Guard);
    Changed.push_back(F);
  }
  Table.finish();
  dropMemoryAttributes(std::move(Changed));
  return PreservedAnalyses::none();
}

PreservedAnalyses ExemptionPass::run(Module &M, ModuleAnalysisManager &) {
  if (!isSupportedTarget(M))
    return PreservedAnalyses::all();
  Exclusions Excluded(M, Options);
  for (Function &F : M)
    if (Excluded.isOptedOut(F))
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I);
            Call && matchHeapCall(*Call).Found)
          GuardEmitter::exempt(*Call);
  return PreservedAnalyses::all();
}

} // namespace heapfence
