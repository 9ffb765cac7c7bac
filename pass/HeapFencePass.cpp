// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decide, collect, rewrite.

#include "HeapFencePass.h"
#include "BufferHelper.h"
#include "Guard.h"
#include "ListFile.h"
#include "ObjectType.h"
#include "OwnStrings.h"
#include "ReturnTable.h"
#include "Thunk.h"
#include "WrapperCall.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/BranchProbability.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#define DEBUG_TYPE "heapfence"

using namespace llvm;

STATISTIC(NumAllocationSites, "Number of allocation sites guarded");
STATISTIC(NumContextSites, "Number of calls of allocation wrappers guarded");
STATISTIC(NumBufferCalls, "Number of calls with buffers checked");
STATISTIC(NumDeallocationSites, "Number of deallocation sites recorded");

namespace heapfence {

namespace {

/// Says which code is left as it is: by the user's choice (opted out), or for
/// what it is.
class Exclusions {
public:
  Exclusions(Module &M, const PassOptions &Options) : List(Options.IgnoreList) {
    IsModuleListed = List.contains("src", M.getSourceFileName());
    collectAnnotated(M);
  }

  /// What is wrong with the ignore list, or nothing.
  const std::string &error() const { return List.error(); }

  bool contains(const Function &F) const {
    return F.isDeclaration() || F.hasAvailableExternallyLinkage() ||
           F.hasFnAttribute(Attribute::Naked) || isSanitized(F) ||
           isCHeapFunctionName(F.getName()) || isOptedOut(F);
  }

  bool isOptedOut(const Function &F) const {
    return IsModuleListed || Annotated.contains(&F) ||
           F.hasFnAttribute(Attribute::DisableSanitizerInstrumentation) ||
           List.contains("fun", F.getName());
  }

  /// True for a module of which no address of a heap function is replaced.
  bool keepsAddresses(const Module &M) const {
    return IsModuleListed || any_of(M, isSanitized);
  }

private:
  /// A sanitizer that owns the heap of this program would lose our objects.
  static bool isSanitized(const Function &F) {
    return F.hasFnAttribute(Attribute::SanitizeAddress) ||
           F.hasFnAttribute(Attribute::SanitizeHWAddress) ||
           F.hasFnAttribute(Attribute::SanitizeMemory) ||
           F.hasFnAttribute(Attribute::SanitizeThread);
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

  ListFile List;
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

/// Warns of a call that, as far as can be seen after optimization, frees a
/// variable. What is only possible is left to the runtime (check_free).
void warnOfFreedVariable(const HeapCall &Found) {
  const CallBase &Call = *Found.Call;
  const Value *Freed = getUnderlyingObject(Call.getArgOperand(0));
  const char *What = isa<AllocaInst>(Freed)       ? "on the stack"
                     : isa<GlobalVariable>(Freed) ? "in static memory"
                                                  : nullptr;
  if (!What)
    return;
  std::string Text = demangle(Call.getCalledOperand()->getName().str()) +
                     " of memory " + What + ", which is not from the heap";
  Call.getContext().diagnose(DiagnosticInfoUnsupported(
      *Call.getFunction(), Text, Call.getDebugLoc(), DS_Warning));
}

/// Finds the calls to guard, or to record.
class Collector {
public:
  Collector(const PassOptions &Options, const WrapperRules &Wrappers,
            FunctionAnalysisManager &Analyses)
      : Options(Options), Wrappers(Wrappers), Analyses(Analyses) {}

  SmallVector<HeapCall> collect(Function &F) const {
    const auto &Library = Analyses.getResult<TargetLibraryAnalysis>(F);
    SmallVector<HeapCall> Calls;
    for (Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || isGuarded(*Call))
        continue;
      HeapCallMatch Match = matchHeapCall(*Call);
      if (Match.Refusal)
        remarkMissed(*Call, Match.Refusal);
      std::optional<HeapCall> Found =
          Match.Found ? Match.Found : Wrappers.match(*Call, Library);
      if (!Found)
        continue;
      if (!Found->IsContext && isDeallocation(Found->Form))
        warnOfFreedVariable(*Found);
      if (isWanted(*Found)) {
        if (!isDeallocation(Found->Form))
          Found->Use = objectUseOf(*Call);
        Calls.push_back(*Found);
      } else
        exempt(*Call);
    }
    return Calls;
  }

private:
  bool isWanted(const HeapCall &Call) const {
    if (Call.IsContext)
      return Options.Contexts;
    return isDeallocation(Call.Form) ? Options.FreeSites : Options.AllocSites;
  }

  const PassOptions &Options;
  const WrapperRules &Wrappers;
  FunctionAnalysisManager &Analyses;
};

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
/// is expected to run less often than its function is called. A context's guard
/// is one more, before that of the allocation itself: it is in place in code
/// that is expected to run half as often (behind the test of an argument, say),
/// too.
class ColdCode {
public:
  ColdCode(Function &F, BlockFrequencyInfo &Frequency)
      : IsCold(F.hasFnAttribute(Attribute::Cold) || F.hasOptSize()),
        Frequency(Frequency),
        EntryFrequency(Frequency.getBlockFreq(&F.getEntryBlock())) {}

  bool contains(const HeapCall &Call) const {
    BlockFrequency Bound = Call.IsContext
                               ? EntryFrequency * BranchProbability(1, 2)
                               : EntryFrequency;
    return IsCold || Frequency.getBlockFreq(Call.Call->getParent()) < Bound;
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
    IsCold.push_back(Guard.canBeCold(Call) && Cold.contains(Call));
  // Backwards: a split then moves only what lies between two calls.
  for (size_t I = Calls.size(); I-- != 0;) {
    if (isDeallocation(Calls[I].Form)) {
      recordReturn(Calls[I], Sites[I].Record);
      exempt(*Calls[I].Call);
      ++NumDeallocationSites;
      continue;
    }
    if (IsCold[I])
      Guard.emitCold(Calls[I], Sites[I]);
    else
      Guard.emit(Calls[I], Sites[I]);
    Calls[I].IsContext ? ++NumContextSites : ++NumAllocationSites;
  }
}

/// Whether the sites of `M` get static branches: as the option says or, at link
/// time, where there is no option, as some of the modules were compiled.
bool usesStaticBranches(Module &M, const std::string &Option) {
  if (Option != "countdown" && Option != "static") {
    M.getContext().emitError("heapfence-guard: '" + Option +
                             "' is neither countdown nor static");
    return false;
  }
  if (M.getModuleFlag(GuardFlag))
    return true;
  if (Option == "static")
    M.addModuleFlag(Module::Max, GuardFlag, 1);
  return Option == "static";
}

/// Has the calls in `F` that hand buffers to the C library checked.
/// Returns: whether there are any.
bool checkBuffers(Function &F, const PassOptions &Options,
                  BufferHelperEmitter &Helpers) {
  SmallVector<std::pair<CallBase *, const BufferFunction *>> Work;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && !isGuarded(*Call))
      if (const BufferFunction *Found = matchBufferCall(*Call);
          Found && (Options.MemoryBuffers || !Found->IsMemory))
        Work.push_back({Call, Found});
  for (auto &[Call, Found] : Work)
    Helpers.redirect(*Call, *Found);
  NumBufferCalls += Work.size();
  return !Work.empty();
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
  WrapperRules Wrappers(Options.Wrappers);
  if (!Wrappers.error().empty())
    M.getContext().emitError("heapfence-wrappers: " + Wrappers.error());
  FocusList Focus(Options.Focus);
  if (!Focus.error().empty())
    M.getContext().emitError("heapfence-focus: " + Focus.error());
  const bool IsStatic = usesStaticBranches(M, Options.Guard);
  bool HasThunks = Options.AddressTaken && Options.AllocSites &&
                   !Excluded.keepsAddresses(M) && replaceTakenAddresses(M);

  auto &Functions =
      Analyses.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  Collector Calls(Options, Wrappers, Functions);
  SmallVector<std::pair<Function *, SmallVector<HeapCall>>> Work;
  SmallVector<Function *> Included, Changed;
  for (Function &F : M)
    if (!Excluded.contains(F)) {
      Included.push_back(&F);
      if (SmallVector<HeapCall> Found = Calls.collect(F); !Found.empty())
        Work.push_back({&F, std::move(Found)});
    }
  BufferHelperEmitter Buffers(M);
  for (Function *F : Included)
    if (Options.Buffers && !isBufferFunctionName(F->getName()) &&
        checkBuffers(*F, Options, Buffers))
      Changed.push_back(F);
  if (Work.empty() && Changed.empty())
    return HasThunks ? PreservedAnalyses::none() : PreservedAnalyses::all();

  GuardEmitter Guard(M, IsStatic, Options.LargeTls);
  SiteTable Table(M, Focus, IsStatic);
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
  keepStringsOutOfLine(M);
  if (Options.TakeTypes)
    keepTokensOnly(M);
  Exclusions Excluded(M, Options);
  for (Function &F : M)
    if (Excluded.isOptedOut(F))
      for (Instruction &I : instructions(F))
        // What returns a pointer may later turn out to be a wrapper.
        if (auto *Call = dyn_cast<CallBase>(&I);
            Call && !isa<IntrinsicInst>(Call) &&
            (Call->getType()->isPointerTy() || matchHeapCall(*Call).Found ||
             matchBufferCall(*Call)))
          exempt(*Call);
  return PreservedAnalyses::all();
}

} // namespace heapfence
