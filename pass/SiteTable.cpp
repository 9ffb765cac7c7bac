// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Site records, weight cells and the module's registration.

#include "SiteTable.h"
#include "ObjectType.h"
#include "SampleTest.h"
#include "Thunk.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace heapfence {

/// Longer linkage names (deep templates) give way to the plain name.
static constexpr size_t MaxLinkageName = 96;

/// Before any constructor of the program that may allocate.
static constexpr int RegistrationPriority = 1;

/// Clang sets the flag for -flto, -flto=thin and -ffat-lto-objects.
bool SiteTable::isForLinkTime(const Module &M) {
  return M.getModuleFlag("EnableSplitLTOUnit");
}

/// ThinLTO imports. (Of the full kind, clang says that it is not ThinLTO.)
std::string SiteTable::importId(Module &M) {
  auto *Thin =
      mdconst::extract_or_null<ConstantInt>(M.getModuleFlag("ThinLTO"));
  return isForLinkTime(M) && !(Thin && Thin->isZero()) ? getUniqueModuleId(&M)
                                                       : "";
}

SiteTable::SiteTable(Module &M, const FocusList &Focus, bool IsStatic)
    : M(M), Focus(Focus), IsStatic(IsStatic), IsForLinkTime(isForLinkTime(M)),
      ModuleId(importId(M)) {
  LLVMContext &C = M.getContext();
  I8 = Type::getInt8Ty(C);
  I32 = Type::getInt32Ty(C);
  I64 = Type::getInt64Ty(C);
  FrameType = StructType::get(C, {I32, I32, I32, I32});
  SiteType = StructType::get(C, {FrameType, I32, I8, I8, I8, I8, I32, I32});
  assert(M.getDataLayout().getTypeAllocSize(SiteType) == sizeof(Site));
}

GlobalVariable *SiteTable::privateGlobal(Type *T, bool IsConstant,
                                         Constant *Init, const char *Name) {
  return new GlobalVariable(M, T, IsConstant, GlobalValue::PrivateLinkage, Init,
                            Name);
}

/// `Target` minus the address of field `Field` of the `T` at `Self`; 0 for a
/// null target.
Constant *SiteTable::relative(Constant *Target, Constant *Self, StructType *T,
                              unsigned Field) {
  if (!Target)
    return ConstantInt::get(I32, 0);
  Constant *Indices[] = {ConstantInt::get(I32, 0),
                         ConstantInt::get(I32, Field)};
  Constant *At = ConstantExpr::getInBoundsGetElementPtr(T, Self, Indices);
  Constant *Distance =
      ConstantExpr::getSub(ConstantExpr::getPtrToInt(Target, I64),
                           ConstantExpr::getPtrToInt(At, I64));
  return ConstantExpr::getTrunc(Distance, I32);
}

Constant *SiteTable::string(StringRef Text) {
  if (Text.empty())
    return nullptr;
  Constant *&Cached = Strings[Text];
  if (!Cached) {
    Constant *Data = ConstantDataArray::getString(M.getContext(), Text);
    auto *G = privateGlobal(Data->getType(), true, Data, "__heapfence_string");
    G->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
    G->setAlignment(Align(1));
    Cached = G;
  }
  return Cached;
}

Constant *SiteTable::sourceFrame(Constant *Self, StringRef File,
                                 StringRef Function, unsigned Line,
                                 unsigned Column, Constant *InlinedAt) {
  return ConstantStruct::get(
      FrameType, {relative(string(File), Self, FrameType, 0),
                  relative(string(Function), Self, FrameType, 1),
                  relative(InlinedAt, Self, FrameType, 2),
                  ConstantInt::get(I32, SourceFrame::packLine(Line, Column))});
}

/// The file with its directory, as symbolizers name it.
static std::string pathOf(const DILocation *At) {
  SmallString<128> Path(At->getFilename());
  if (sys::path::is_relative(Path)) {
    Path = At->getDirectory();
    sys::path::append(Path, At->getFilename());
  }
  return std::string(Path);
}

/// True for a header that came with the system or the C++ library: no user
/// looks for a bug there.
static bool isInSystemHeader(const DILocation *At) {
  StringRef File = At->getFilename();
  return File.contains("/include/c++/") ||
         File.substr(0, 13) == "/usr/include/";
}

/// The nearest location outside system headers that `At` is inlined at.
static const DILocation *callerOutsideSystem(const DILocation *At) {
  do
    At = At->getInlinedAt();
  while (At && isInSystemHeader(At));
  return At;
}

/// `At`, or what it is inlined at if it is in a system header and that is not.
static const DILocation *outsideSystem(const DILocation *At) {
  const DILocation *Caller =
      isInSystemHeader(At) ? callerOutsideSystem(At) : nullptr;
  return Caller ? Caller : At;
}

/// The frame of `At` and, through `inlinedAt`, of all its callers. `Outermost`
/// is the linkage name of the function that the code is in.
Constant *SiteTable::sourceFrame(Constant *Self, const DILocation *At,
                                 StringRef Outermost) {
  StringRef Function = Outermost;
  if (At->getInlinedAt() || Function.size() > MaxLinkageName)
    if (const DISubprogram *SP = At->getScope()->getSubprogram())
      Function = SP->getName();
  return sourceFrame(Self, pathOf(At), Function, At->getLine(), At->getColumn(),
                     inlinedAt(callerOutsideSystem(At), Outermost));
}

/// The caller that an inlined call sits in. Chains share their tails.
Constant *SiteTable::inlinedAt(const DILocation *At, StringRef Outermost) {
  if (!At)
    return nullptr;
  if (Constant *Cached = InlineFrames.lookup(At))
    return Cached;
  auto *G = privateGlobal(FrameType, true, Constant::getNullValue(FrameType),
                          "__heapfence_inlined_at");
  G->setAlignment(Align(4));
  InlineFrames[At] = G;
  G->setInitializer(sourceFrame(G, At, Outermost));
  return G;
}

static uint64_t constantOr(const HeapCall &Call, std::optional<unsigned> Index,
                           uint64_t Otherwise) {
  auto *C =
      Index ? dyn_cast<ConstantInt>(Call.Call->getArgOperand(*Index)) : nullptr;
  return C ? C->getZExtValue() : Otherwise;
}

/// The alignment that the call's result is promised, or that a deallocation
/// tells.
static Align toldAlignment(const HeapCall &Call) {
  if (!isDeallocation(Call.Form))
    return Call.Call->getRetAlign().valueOrOne();
  uint64_t Told = constantOr(Call, alignmentArgument(Call.Form), 1);
  return isPowerOf2_64(Told) ? Align(Told) : Align(1);
}

/// The size that a deallocation tells, if it is a constant; else 0.
static uint32_t toldSize(const HeapCall &Call) {
  uint64_t Told = constantOr(Call, sizeArgument(Call.Form), 0);
  return Told <= UINT32_MAX ? static_cast<uint32_t>(Told) : 0;
}

/// True for a member of std::string of libstdc++.
static bool isOfString(const Function &F) {
  constexpr StringLiteral Class =
      "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE";
  return F.getName().substr(0, Class.size()) == Class;
}

/// True if the objects of `Call` need no alignment: by what their function does
/// with them, or because they are strings by contract. (Not by their type
/// alone: what is a char array here may be an arena elsewhere.)
static bool holdsBytes(const HeapCall &Call) {
  // The wrapper of a context may have put a header before it.
  if (Call.IsContext || isDeallocation(Call.Form))
    return false;
  bool IsString = Call.Form == Shape::Strdup || Call.Form == Shape::Strndup ||
                  isOfString(*Call.Call->getFunction());
  return toldAlignment(Call) == Align(1) && (Call.Use.IsBytes || IsString);
}

/// `Site::Flags`.
uint8_t SiteTable::flagsOf(const HeapCall &Call) const {
  const Function &F = *Call.Call->getFunction();
  StringRef FramePointer = F.getFnAttribute("frame-pointer").getValueAsString();
  uint8_t Flags = Call.IsContext ? SiteIsContext : 0;
  if ((FramePointer == "all" || FramePointer == "non-leaf") &&
      thunkTarget(F).empty())
    Flags |= SiteHasFramePointer;
  if (Focus.contains(Call.Call->getDebugLoc().get()))
    Flags |= SiteIsFocused;
  if (IsStatic && !isDeallocation(Call.Form))
    Flags |= SiteHasBranch;
  if (holdsBytes(Call))
    Flags |= SiteIsBytes;
  if (Call.Use.GrowsUp != Call.Use.ReachesDown)
    Flags |= Call.Use.GrowsUp ? SiteGrowsUp : SiteReachesDown;
  return Flags;
}

/// Where `Call` is, for the record `Self`.
Constant *SiteTable::placeOf(const HeapCall &Call, Constant *Self) {
  const Function &F = *Call.Call->getFunction();
  if (StringRef Target = thunkTarget(F); !Target.empty())
    return sourceFrame(Self, "", Target, 0, 0, nullptr);
  if (const DILocation *At = Call.Call->getDebugLoc().get())
    return sourceFrame(Self, outsideSystem(At), F.getName());
  return sourceFrame(Self, M.getSourceFileName(), F.getName(), 0, 0, nullptr);
}

Constant *SiteTable::describe(const HeapCall &Call, Constant *Self,
                              Constant *Weight) {
  ObjectType Type;
  if (!Call.IsContext && !isDeallocation(Call.Form))
    Type = objectTypeOf(Call);
  uint32_t Size = isDeallocation(Call.Form) ? toldSize(Call) : Type.Size;
  // The frame is the record's first member: same address.
  return ConstantStruct::get(
      SiteType, {placeOf(Call, Self), relative(Weight, Self, SiteType, 1),
                 ConstantInt::get(I8, static_cast<uint8_t>(Call.Callee)),
                 ConstantInt::get(I8, flagsOf(Call)),
                 ConstantInt::get(I8, Log2(toldAlignment(Call))),
                 ConstantInt::get(I8, 0), ConstantInt::get(I32, Size),
                 relative(string(Type.Name), Self, SiteType, 7)});
}

static Constant *elementOf(GlobalVariable *Array, unsigned Index) {
  Type *I32 = Type::getInt32Ty(Array->getContext());
  Constant *Indices[] = {ConstantInt::get(I32, 0),
                         ConstantInt::get(I32, Index)};
  return ConstantExpr::getInBoundsGetElementPtr(Array->getValueType(), Array,
                                                Indices);
}

/// Places a table of `F`.
GlobalVariable *SiteTable::placeWith(Function &F, GlobalVariable *G,
                                     const char *Section) {
  G->setSection(Section);
  G->setAlignment(Align(4));
  if (!IsForLinkTime) {
    // A record of a discarded copy of an inline function goes with that copy.
    if (Comdat *C = F.getComdat())
      G->setComdat(C);
    return G;
  }
  // Of the thunks of a heap function one is kept, with its tables.
  if (StringRef Target = thunkTarget(F); !Target.empty()) {
    G->setName(G->getName() + "." + Target);
    G->setLinkage(GlobalValue::LinkOnceODRLinkage);
    G->setVisibility(GlobalValue::HiddenVisibility);
    G->setComdat(F.getComdat());
    return G;
  }
  // A local symbol in a section of its own cannot be renamed, which would keep
  // ThinLTO from importing the function: hence a name of its own, and a group
  // to be discarded by. (Without an exported symbol there is no unique name,
  // and nothing to import.)
  if (!ModuleId.empty()) {
    G->setName(G->getName() + ModuleId);
    G->setLinkage(GlobalValue::ExternalLinkage);
    G->setVisibility(GlobalValue::HiddenVisibility);
    G->setComdat(M.getOrInsertComdat(G->getName()));
  }
  return G;
}

SmallVector<SiteRef> SiteTable::addFunction(Function &F,
                                            ArrayRef<HeapCall> Calls) {
  unsigned WeightCount = count_if(
      Calls, [](const HeapCall &C) { return !isDeallocation(C.Form); });
  GlobalVariable *Weights = nullptr;
  if (WeightCount) {
    SmallVector<uint32_t> Initial(WeightCount, UncoveredWeight);
    Constant *Init = ConstantDataArray::get(M.getContext(), Initial);
    Weights = placeWith(
        F, privateGlobal(Init->getType(), false, Init, "__heapfence_weights"),
        WeightsSection);
  }

  auto *RecordsType = ArrayType::get(SiteType, Calls.size());
  GlobalVariable *Records = placeWith(
      F,
      privateGlobal(RecordsType, true, Constant::getNullValue(RecordsType),
                    "__heapfence_sites"),
      SitesSection);
  if (!IsForLinkTime) {
    Records->setMetadata(LLVMContext::MD_associated,
                         MDNode::get(M.getContext(), ValueAsMetadata::get(&F)));
    Kept.push_back(Records);
  }

  SmallVector<SiteRef> Refs;
  SmallVector<Constant *> Init;
  unsigned NextWeight = 0;
  for (const HeapCall &Call : Calls) {
    Constant *Weight =
        isDeallocation(Call.Form) ? nullptr : elementOf(Weights, NextWeight++);
    Constant *Self = elementOf(Records, Refs.size());
    Init.push_back(describe(Call, Self, Weight));
    Refs.push_back({Self, Weight});
  }
  Records->setInitializer(ConstantArray::get(RecordsType, Init));
  return Refs;
}

/// `void Name() { Callee(&Descriptor); }`, one per linked module.
static Function *registrationFunction(Module &M, StringRef Name, Comdat *Group,
                                      StringRef Callee, Constant *Descriptor) {
  LLVMContext &C = M.getContext();
  // With the module's defaults: an arm64 loader jumps to it indirectly.
  auto *F = Function::createWithDefaultAttr(
      FunctionType::get(Type::getVoidTy(C), false),
      GlobalValue::LinkOnceODRLinkage, 0, Name, &M);
  F->setVisibility(GlobalValue::HiddenVisibility);
  F->setDSOLocal(true);
  F->setComdat(Group);
  F->addFnAttr(Attribute::NoUnwind);
  F->setUWTableKind(UWTableKind::Default);
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  FunctionCallee Entry =
      M.getOrInsertFunction(Callee, B.getVoidTy(), B.getPtrTy());
  B.CreateCall(Entry, {Descriptor});
  B.CreateRetVoid();
  return F;
}

/// The symbol by which the linker tells where a section starts or stops; null
/// where it kept none.
static GlobalVariable *sectionBound(Module &M, const Twine &Name) {
  auto *G = new GlobalVariable(M, Type::getInt8Ty(M.getContext()), true,
                               GlobalValue::ExternalWeakLinkage, nullptr, Name);
  G->setVisibility(GlobalValue::HiddenVisibility);
  return G;
}

void SiteTable::finish() {
  appendToCompilerUsed(M, Kept);

  constexpr char Ctor[] = "__heapfence_module_ctor";
  constexpr char Dtor[] = "__heapfence_module_dtor";
  // A module that already registers (linked from instrumented ones) does it
  // for these sites too.
  if (M.getFunction(Ctor))
    return;
  Comdat *Group = M.getOrInsertComdat(Ctor);
  Group->setSelectionKind(Comdat::Any);
  Constant *Init = ConstantStruct::getAnon(
      {ConstantInt::get(I32, AbiVersion), ConstantInt::get(I32, sizeof(Site)),
       sectionBound(M, Twine("__start_") + SitesSection),
       sectionBound(M, Twine("__stop_") + SitesSection),
       sectionBound(M, Twine("__start_") + ReturnsSection),
       sectionBound(M, Twine("__stop_") + ReturnsSection),
       sectionBound(M, Twine("__start_") + BranchesSection),
       sectionBound(M, Twine("__stop_") + BranchesSection),
       sectionBound(M, Twine("__start_") + HelpersSection),
       sectionBound(M, Twine("__stop_") + HelpersSection),
       windowCell(M, WindowSymbol), windowCell(M, BufferWindowSymbol)});
  auto *Descriptor =
      privateGlobal(Init->getType(), true, Init, "__heapfence_module");
  Descriptor->setComdat(Group);
  Function *Register =
      registrationFunction(M, Ctor, Group, RegisterSymbol, Descriptor);
  Function *Unregister =
      registrationFunction(M, Dtor, Group, UnregisterSymbol, Descriptor);
  appendToGlobalCtors(M, Register, RegistrationPriority, Register);
  appendToGlobalDtors(M, Unregister, RegistrationPriority, Unregister);
}

} // namespace heapfence
