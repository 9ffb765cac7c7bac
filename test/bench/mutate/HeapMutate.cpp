// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A test-only pass: gives every heap call of a module dormant bugs, of which
// one is chosen when the program runs (mutant.c). One build has all mutants.
//
// Before:                        after, for kind double-free:
//   call void @free(ptr %p)        call void @free(ptr %p)
//                                  %a = load i32, ptr @site   ; 0: dormant
//                                  br (%a != 0), %awake, %go  ; unlikely
//                                awake:
//                                  %s = call i32 @__mutant_strikes(@site, %p)
//                                  br (%s != 0), %strike, %go
//                                strike:
//                                  call void @free(ptr %p)
//                                  br %go
//
// The site records lie in one section; a site's number is its index there.

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"
#include <optional>

using namespace llvm;

namespace {

/// In the order of mutant.c's names.
enum class Kind { ShortAlloc, EarlyFree, DoubleFree, DanglingRead };

/// How the result of an allocation is freed: `Name(Result)`, or with
/// `TakesFirstArgument` `Name(argument 0 of the allocation, Result)`.
struct Deallocator {
  StringRef Name;
  bool TakesFirstArgument;
};

/// What is mutated at a call.
struct Candidate {
  CallBase *Call;
  std::optional<unsigned> SizeArgument;   // of an allocation
  std::optional<Deallocator> FreedBy;     // of an allocation
  std::optional<unsigned> ObjectArgument; // of a deallocation
};

/// The callee's name, also of a call through a global variable: `xmlMalloc`.
StringRef calleeName(const CallBase &Call) {
  const Value *Callee = Call.getCalledOperand()->stripPointerCasts();
  if (auto *Load = dyn_cast<LoadInst>(Callee))
    Callee = Load->getPointerOperand();
  if (isa<Function>(Callee) || isa<GlobalVariable>(Callee))
    return Callee->getName();
  return {};
}

std::optional<Deallocator> deallocatorOf(StringRef Name) {
  struct {
    StringRef Allocator;
    Deallocator FreedBy;
  } static const Table[] = {
      {"malloc", {"free", false}},
      {"calloc", {"free", false}},
      {"realloc", {"free", false}},
      {"_Znwm", {"_ZdlPv", false}},
      {"_ZnwmRKSt9nothrow_t", {"_ZdlPv", false}},
      {"_Znam", {"_ZdaPv", false}},
      {"_ZnamRKSt9nothrow_t", {"_ZdaPv", false}},
      {"sqlite3_malloc", {"sqlite3_free", false}},
      {"sqlite3_malloc64", {"sqlite3_free", false}},
      {"sqlite3_realloc", {"sqlite3_free", false}},
      {"sqlite3_realloc64", {"sqlite3_free", false}},
      {"sqlite3Malloc", {"sqlite3_free", false}},
      {"sqlite3MallocZero", {"sqlite3_free", false}},
      {"sqlite3Realloc", {"sqlite3_free", false}},
      {"sqlite3Fts5MallocZero", {"sqlite3_free", false}},
      {"sqlite3DbMallocRaw", {"sqlite3DbFreeNN", true}},
      {"sqlite3DbMallocRawNN", {"sqlite3DbFreeNN", true}},
      {"sqlite3DbMallocZero", {"sqlite3DbFreeNN", true}},
      {"sqlite3DbRealloc", {"sqlite3DbFreeNN", true}},
      {"dbMallocRawFinish", {"sqlite3DbFreeNN", true}},
      {"xmlMalloc", {"xmlFree", false}},
      {"xmlMallocAtomic", {"xmlFree", false}},
      {"xmlRealloc", {"xmlFree", false}},
  };
  for (const auto &Row : Table)
    if (Row.Allocator == Name)
      return Row.FreedBy;
  return std::nullopt;
}

bool isOperatorNew(StringRef Name) {
  return Name == "_Znwm" || Name == "_Znam" || Name == "_ZnwmRKSt9nothrow_t" ||
         Name == "_ZnamRKSt9nothrow_t";
}

bool isOperatorDelete(StringRef Name) {
  return Name.starts_with("_ZdlPv") || Name.starts_with("_ZdaPv");
}

bool isUnmangled(StringRef Name) {
  return !Name.empty() && !Name.starts_with("_Z") && !Name.starts_with("llvm.");
}

std::optional<unsigned> lastArgument(const CallBase &Call,
                                     function_ref<bool(Type *)> Wanted) {
  for (unsigned I = Call.arg_size(); I-- != 0;)
    if (Wanted(Call.getArgOperand(I)->getType()))
      return I;
  return std::nullopt;
}

std::optional<Candidate> matchCandidate(CallBase &Call) {
  StringRef Name = calleeName(Call);
  if (Call.isMustTailCall() || isa<CallBrInst>(Call))
    return std::nullopt;
  Candidate Found{&Call, {}, {}, {}};
  if (Call.getType()->isPointerTy() &&
      (isOperatorNew(Name) ||
       (isUnmangled(Name) && Name.contains_insensitive("alloc")))) {
    Found.SizeArgument =
        lastArgument(Call, [](Type *T) { return T->isIntegerTy(); });
    Found.FreedBy = deallocatorOf(Name);
    if (Found.SizeArgument || Found.FreedBy)
      return Found;
  }
  if (Call.getType()->isVoidTy() &&
      (isOperatorDelete(Name) ||
       (isUnmangled(Name) && Name.contains_insensitive("free")))) {
    Found.ObjectArgument =
        isOperatorDelete(Name)
            ? 0u
            : lastArgument(Call, [](Type *T) { return T->isPointerTy(); });
    if (Found.ObjectArgument &&
        !isa<Constant>(Call.getArgOperand(*Found.ObjectArgument)))
      return Found;
  }
  return std::nullopt;
}

class Mutator {
public:
  explicit Mutator(Module &M)
      : M(M), C(M.getContext()), I32(Type::getInt32Ty(C)),
        Ptr(PointerType::getUnqual(C)),
        SiteType(StructType::get(C, {I32, I32, I32, I32, Ptr, Ptr})) {}

  void mutate(const Candidate &At) {
    CallBase &Call = *At.Call;
    if (At.ObjectArgument) {
      addDoubleFree(Call, *At.ObjectArgument);
      addDanglingRead(Call, *At.ObjectArgument);
      return;
    }
    if (At.SizeArgument)
      addShortAlloc(Call, *At.SizeArgument);
    if (At.FreedBy)
      addEarlyFree(Call, *At.FreedBy);
  }

private:
  void addShortAlloc(CallBase &Call, unsigned Size) {
    Value *Told = Call.getArgOperand(Size);
    BasicBlock *Head = Call.getParent();
    // Every execution counts, though there is no object yet.
    Awake At = addSite(Kind::ShortAlloc, Call, Call.getIterator(),
                       ConstantExpr::getIntToPtr(one(), Ptr));
    IRBuilder<> B(At.End);
    Value *Short = B.CreateBinaryIntrinsic(
        Intrinsic::usub_sat, Told,
        B.CreateZExtOrTrunc(At.Strikes, Told->getType()));
    BasicBlock *Join = Call.getParent();
    B.SetInsertPoint(Join, Join->begin());
    PHINode *Asked = B.CreatePHI(Told->getType(), 2);
    Asked->addIncoming(Told, Head);
    Asked->addIncoming(Short, At.End->getParent());
    Call.setArgOperand(Size, Asked);
  }

  void addEarlyFree(CallBase &Call, Deallocator FreedBy) {
    FunctionCallee Free;
    Value *Through = nullptr;
    if (auto *G = M.getNamedGlobal(FreedBy.Name)) {
      Through = G;
      Free = {FunctionType::get(Type::getVoidTy(C), {Ptr}, false), G};
    } else if (Function *F = M.getFunction(FreedBy.Name)) {
      Free = F;
    } else if (FreedBy.Name == "free" || isOperatorDelete(FreedBy.Name)) {
      Free = M.getOrInsertFunction(FreedBy.Name, Type::getVoidTy(C), Ptr);
    } else {
      return; // optimized away in this module
    }
    SmallVector<Value *, 2> Arguments;
    if (FreedBy.TakesFirstArgument)
      Arguments.push_back(Call.getArgOperand(0));
    Arguments.push_back(&Call);
    if (Free.getFunctionType()->getNumParams() != Arguments.size())
      return; // changed by the optimizer
    Instruction *Strike = addStrike(Kind::EarlyFree, Call, after(Call), &Call);
    IRBuilder<> B(Strike);
    B.SetCurrentDebugLocation(locationOf(Call));
    Value *Callee = Through ? B.CreateLoad(Ptr, Through) : Free.getCallee();
    CallInst *New = B.CreateCall(Free.getFunctionType(), Callee, Arguments);
    if (auto *F = dyn_cast<Function>(Callee))
      New->setCallingConv(F->getCallingConv());
  }

  void addDoubleFree(CallBase &Call, unsigned Object) {
    Instruction *Strike = addStrike(Kind::DoubleFree, Call, after(Call),
                                    Call.getArgOperand(Object));
    CallInst *Again = isa<InvokeInst>(Call)
                          ? createCallMatchingInvoke(cast<InvokeInst>(&Call))
                          : cast<CallInst>(Call.clone());
    Again->setDebugLoc(locationOf(Call));
    Again->insertBefore(Strike->getIterator());
  }

  void addDanglingRead(CallBase &Call, unsigned Object) {
    Value *P = Call.getArgOperand(Object);
    Instruction *Strike = addStrike(Kind::DanglingRead, Call, after(Call), P);
    IRBuilder<> B(Strike);
    B.SetCurrentDebugLocation(locationOf(Call));
    B.CreateLoad(B.getInt8Ty(), P, /*isVolatile=*/true);
  }

  /// Where `Call` has returned.
  static BasicBlock::iterator after(CallBase &Call) {
    auto *Invoke = dyn_cast<InvokeInst>(&Call);
    if (!Invoke)
      return std::next(Call.getIterator());
    BasicBlock *Next = Invoke->getNormalDest();
    if (!Next->getSinglePredecessor())
      Next = SplitEdge(Invoke->getParent(), Next);
    return Next->getFirstInsertionPt();
  }

  /// The block that is run when a site is awake: its end, and 1 or 0.
  struct Awake {
    Instruction *End;
    Value *Strikes;
  };

  Awake addSite(Kind Which, CallBase &Call, BasicBlock::iterator Where,
                Value *Object) {
    GlobalVariable *Site = createSite(Which, Call);
    MDNode *Unlikely = MDBuilder(C).createBranchWeights(1, 1 << 20);
    IRBuilder<> B(Where->getParent(), Where);
    B.SetCurrentDebugLocation(locationOf(Call));
    Value *IsAwake = B.CreateIsNotNull(B.CreateLoad(I32, Site));
    Instruction *End = SplitBlockAndInsertIfThen(
        IsAwake, Where, /*Unreachable=*/false, Unlikely);
    B.SetInsertPoint(End);
    B.SetCurrentDebugLocation(locationOf(Call));
    FunctionCallee Strikes =
        M.getOrInsertFunction("__mutant_strikes", I32, Ptr, Ptr);
    return {End, B.CreateCall(Strikes, {Site, Object})};
  }

  /// Adds a site before `Where`.
  /// Returns: the end of the block that is run when the bug strikes.
  Instruction *addStrike(Kind Which, CallBase &Call, BasicBlock::iterator Where,
                         Value *Object) {
    Awake At = addSite(Which, Call, Where, Object);
    Value *IsStrike = IRBuilder<>(At.End).CreateIsNotNull(At.Strikes);
    return SplitBlockAndInsertIfThen(IsStrike, At.End->getIterator(),
                                     /*Unreachable=*/false);
  }

  GlobalVariable *createSite(Kind Which, CallBase &Call) {
    Function &F = *Call.getFunction();
    const DILocation *At = Call.getDebugLoc().get();
    Constant *Zero = ConstantInt::get(I32, 0);
    Constant *Fields[] = {Zero,
                          ConstantInt::get(I32, static_cast<unsigned>(Which)),
                          ConstantInt::get(I32, At ? At->getLine() : 0),
                          ConstantInt::get(I32, At ? At->getColumn() : 0),
                          text(At ? At->getFilename() : M.getSourceFileName()),
                          text(F.getName())};
    auto *Site = new GlobalVariable(
        M, SiteType, /*isConstant=*/false, GlobalValue::PrivateLinkage,
        ConstantStruct::get(SiteType, Fields), "__mutant_site");
    Site->setSection("heapmutate_sites");
    Site->setAlignment(Align(8));
    // A discarded copy of an inline function takes its sites with it.
    Site->setComdat(F.getComdat());
    return Site;
  }

  Constant *text(StringRef Text) {
    Constant *&Known = Texts[Text];
    if (!Known) {
      Constant *Bytes = ConstantDataArray::getString(C, Text);
      Known = new GlobalVariable(M, Bytes->getType(), /*isConstant=*/true,
                                 GlobalValue::PrivateLinkage, Bytes,
                                 "__mutant_text");
    }
    return Known;
  }

  /// A call of a function with debug information needs a location.
  DebugLoc locationOf(const CallBase &Call) {
    if (Call.getDebugLoc())
      return Call.getDebugLoc();
    DISubprogram *SP = Call.getFunction()->getSubprogram();
    return SP ? DebugLoc(DILocation::get(C, 0, 0, SP)) : DebugLoc();
  }

  Constant *one() { return ConstantInt::get(Type::getInt64Ty(C), 1); }

  Module &M;
  LLVMContext &C;
  IntegerType *I32;
  PointerType *Ptr;
  StructType *SiteType;
  StringMap<Constant *> Texts;
};

struct HeapMutatePass : PassInfoMixin<HeapMutatePass> {
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    SmallVector<Candidate> Candidates;
    for (Function &F : M) {
      if (F.isDeclaration() || F.hasAvailableExternallyLinkage() ||
          F.hasFnAttribute(Attribute::Naked))
        continue;
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I))
          if (std::optional<Candidate> Found = matchCandidate(*Call))
            Candidates.push_back(*Found);
    }
    Mutator Mutate(M);
    for (const Candidate &At : Candidates) {
      // What an inferred memory() says is not true any more.
      At.Call->getFunction()->removeFnAttr(Attribute::Memory);
      Mutate.mutate(At);
    }
    return Candidates.empty() ? PreservedAnalyses::all()
                              : PreservedAnalyses::none();
  }
};

} // namespace

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "HeapMutate", "0.1.0", [](PassBuilder &PB) {
            PB.registerOptimizerLastEPCallback(
                [](ModulePassManager &MPM, OptimizationLevel, auto &&...) {
                  MPM.addPass(HeapMutatePass());
                });
          }};
}
