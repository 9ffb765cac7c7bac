// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The bodies of the helpers.

#include "Helper.h"
#include "SiteTable.h"
#include "WrapperCall.h"
#include "llvm/IR/Constants.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace heapfence {

/// Marks the original call of a guard, or an exempted one, so that a later run
/// of the pass, in this module or after link-time inlining, leaves it alone.
static constexpr char GuardedAttribute[] = "heapfence-guarded";

bool isGuarded(const CallBase &Call) {
  return Call.hasFnAttr(GuardedAttribute);
}

void exempt(CallBase &Call) {
  Call.addFnAttr(Attribute::get(Call.getContext(), GuardedAttribute));
}

void callWithoutStub(Value *Callee) {
  auto *F = dyn_cast<Function>(Callee);
  // Elsewhere it takes more code at each call.
  if (F && F->isDeclaration() &&
      Triple(F->getParent()->getTargetTriple()).isX86())
    F->addFnAttr(Attribute::NonLazyBind);
}

HelperEmitter::HelperEmitter(Module &M, SampleTest &Tests)
    : M(M), Tests(Tests), IsForLinkTime(SiteTable::isForLinkTime(M)),
      ModuleId(SiteTable::importId(M)) {
  LLVMContext &C = M.getContext();
  I32 = Type::getInt32Ty(C);
  I64 = Type::getInt64Ty(C);
  Ptr = PointerType::get(C, 0);
}

Function *HelperEmitter::runtimeEntry(StringRef Name, Type *Result,
                                      ArrayRef<Type *> Parameters) {
  auto *Entry = cast<Function>(
      M.getOrInsertFunction(Name, FunctionType::get(Result, Parameters, false))
          .getCallee());
  Entry->addFnAttr(Attribute::NoUnwind);
  Entry->addFnAttr(Attribute::Cold);
  return Entry;
}

/// The entry of the runtime that answers for `Call`, with its arguments.
CallInst *HelperEmitter::callRuntime(IRBuilder<> &B, const HeapCall &Call,
                                     Value *Record) {
  auto Arg = [&](unsigned I) { return Call.Call->getArgOperand(I); };
  StringRef Name;
  Type *Result = Ptr;
  SmallVector<Value *, 4> Args;
  switch (Call.Form) {
  case Shape::Malloc:
    Name = entry::Malloc, Args = {Arg(0)};
    break;
  case Shape::Calloc:
    Name = entry::Calloc, Args = {Arg(0), Arg(1)};
    break;
  case Shape::Memalign:
    Name = entry::Memalign, Args = {Arg(0), Arg(1)};
    break;
  case Shape::AlignedNew:
    Name = entry::Memalign, Args = {Arg(1), Arg(0)};
    break;
  case Shape::PosixMemalign:
    Name = entry::PosixMemalign, Args = {Arg(0), Arg(1), Arg(2)};
    Result = I32;
    break;
  case Shape::Realloc:
    Name = entry::Realloc, Args = {Arg(0), Arg(1)};
    break;
  case Shape::ReallocArray:
    Name = entry::ReallocArray, Args = {Arg(0), Arg(1), Arg(2)};
    break;
  case Shape::Strdup:
    Name = entry::Strdup, Args = {Arg(0)};
    break;
  case Shape::Strndup:
    Name = entry::Strndup, Args = {Arg(0), Arg(1)};
    break;
  default:
    llvm_unreachable("deallocations have no guard");
  }
  Args.push_back(Record);
  SmallVector<Type *, 4> Types;
  for (Value *A : Args)
    Types.push_back(A->getType());
  Function *Entry = runtimeEntry(Name, Result, Types);
  CallInst *Answer = B.CreateCall(Entry, Args);
  // Not a jump: the helper's frame record must be there.
  Answer->setTailCallKind(CallInst::TCK_NoTail);
  return Answer;
}

/// True if the runtime left the call to the original function.
Value *HelperEmitter::isRefused(IRBuilder<> &B, const HeapCall &Call,
                                CallInst *Result) {
  switch (Call.Form) {
  case Shape::PosixMemalign:
    return B.CreateICmpNE(Result, ConstantInt::get(I32, 0));
  case Shape::Realloc:
  case Shape::ReallocArray:
    return B.CreateICmpEQ(B.CreatePtrToInt(Result, I64),
                          ConstantInt::get(I64, uintptr_t(NotHandled)));
  default:
    return B.CreateICmpEQ(Result, Constant::getNullValue(Ptr));
  }
}

void placeAsHelper(Function &F) {
  Module &M = *F.getParent();
  F.setLinkage(GlobalValue::LinkOnceODRLinkage);
  F.setVisibility(GlobalValue::HiddenVisibility);
  F.setDSOLocal(true);
  F.setComdat(M.getOrInsertComdat(F.getName()));
  F.setSection(HelpersSection);
  F.setUWTableKind(UWTableKind::Default);
  F.addFnAttr(Attribute::NoInline);
}

/// Places a helper of a wrapper that only its module sees.
void HelperEmitter::placeWith(Function &F, Function &Wrapper) {
  // As for site records: a local symbol in a section of its own would keep
  // ThinLTO from importing the functions that refer to it.
  if (!ModuleId.empty()) {
    F.setName(F.getName() + ModuleId);
    placeAsHelper(F);
    return;
  }
  F.setSection(HelpersSection);
  F.setUWTableKind(UWTableKind::Default);
  F.addFnAttr(Attribute::NoInline);
  // A section of its own, so that the linker drops it with the wrapper.
  if (!IsForLinkTime)
    F.setMetadata(LLVMContext::MD_associated,
                  MDNode::get(M.getContext(), ValueAsMetadata::get(&Wrapper)));
}

/// The wrapper that `Call` names, if it has local linkage; else null.
static Function *localWrapper(const HeapCall &Call) {
  auto *F = dyn_cast<Function>(Call.Call->getCalledOperand());
  return F && F->hasLocalLinkage() ? F : nullptr;
}

std::string HelperEmitter::nameOf(const char *Prefix, const HeapCall &Call) {
  std::string Name = Prefix;
  if (Call.isIndirect())
    Name += "indirect."; // With the next dot no wrapper's name.
  else
    Name += Call.Call->getCalledOperand()->getName();
  if (Call.IsContext)
    Name += (localWrapper(Call) ? ".local." : ".") +
            prototypeLetters(*Call.Call).value();
  return Name;
}

Function *HelperEmitter::find(const std::string &Name, const HeapCall &Call) {
  return localWrapper(Call) ? Local.lookup(Name) : M.getFunction(Name);
}

/// A function like the callee of `Call` with the site in front; no body yet.
Function *HelperEmitter::create(const std::string &Name, const HeapCall &Call) {
  FunctionType *T = Call.Call->getFunctionType();
  SmallVector<Type *, 4> Types = {Ptr};
  Types.append(T->param_begin(), T->param_end());
  if (Call.isIndirect())
    Types.push_back(Ptr);
  auto *F = Function::createWithDefaultAttr(
      FunctionType::get(T->getReturnType(), Types, false),
      GlobalValue::InternalLinkage, 0, Name, &M);
  F->setCallingConv(Call.Call->getCallingConv());
  if (Function *Wrapper = localWrapper(Call)) {
    Local[Name] = F;
    placeWith(*F, *Wrapper);
  } else {
    placeAsHelper(*F);
  }
  F->addFnAttr(Attribute::OptimizeForSize);
  F->addParamAttr(0, Attribute::Nest);
  for (unsigned I = 0; I != T->getNumParams(); ++I)
    if (Call.IsContext) {
      for (Attribute::AttrKind Kind : PassingAttributes)
        if (Call.Call->paramHasAttr(I, Kind))
          F->addParamAttr(I + 1, Kind);
    } else if (T->getParamType(I)->isIntegerTy(8)) { // A hot/cold hint.
      F->addParamAttr(I + 1, Attribute::ZExt);
    }
  return F;
}

/// Emits a call of `Call`'s function with the arguments that `Helper` got.
static CallInst *callOriginal(IRBuilder<> &B, const HeapCall &Call,
                              Function *Helper) {
  Value *Callee = Call.Call->getCalledOperand();
  SmallVector<Value *, 4> Args;
  for (Argument &A : drop_begin(Helper->args()))
    Args.push_back(&A);
  if (Call.isIndirect())
    Callee = Args.pop_back_val();
  // Each call is a byte longer, and operator new is called at many places.
  if (!Call.IsContext && familyOf(Call.Callee) == Family::Malloc)
    callWithoutStub(Callee);
  CallInst *Original = B.CreateCall(Call.Call->getFunctionType(), Callee, Args);
  Original->setCallingConv(Helper->getCallingConv());
  for (unsigned I = 0; I != Args.size(); ++I)
    for (Attribute::AttrKind Kind : PassingAttributes)
      if (Helper->hasParamAttribute(I + 1, Kind))
        Original->addParamAttr(I, Kind);
  exempt(*Original);
  // A report leaves out the frames of helpers: the wrapper keeps its own.
  if (Call.IsContext)
    Original->setIsNoInline();
  return Original;
}

Function *HelperEmitter::slowHelper(const HeapCall &Call) {
  std::string Name = nameOf(SlowPrefix, Call);
  if (Function *Known = find(Name, Call))
    return Known;
  Function *F = create(Name, Call);
  F->addFnAttr(Attribute::Cold);
  F->addFnAttr("frame-pointer", "all");
  if (Call.IsContext)
    armAndCall(F, Call);
  else
    askRuntime(F, Call);
  return F;
}

void HelperEmitter::askRuntime(Function *F, const HeapCall &Call) {
  LLVMContext &C = M.getContext();
  BasicBlock *Orig = BasicBlock::Create(C, "orig", F);
  IRBuilder<> B(Orig);
  CallInst *Original = callOriginal(B, Call, F);
  B.CreateRet(Original);

  B.SetInsertPoint(BasicBlock::Create(C, "entry", F, Orig));
  HeapCall Inner{Original, Call.Callee, Call.Form};
  CallInst *Result = callRuntime(B, Inner, F->getArg(0));
  BasicBlock *Done = BasicBlock::Create(C, "done", F);
  B.CreateCondBr(isRefused(B, Inner, Result), Orig, Done);
  B.SetInsertPoint(Done);
  B.CreateRet(Result);
}

void HelperEmitter::armAndCall(Function *F, const HeapCall &Call) {
  LLVMContext &C = M.getContext();
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  Function *Arm = runtimeEntry(entry::Arm, B.getInt1Ty(), {Ptr});
  Arm->addRetAttr(Attribute::ZExt);
  CallInst *IsArmed = B.CreateCall(Arm, {F->getArg(0)}, "armed");
  IsArmed->addRetAttr(Attribute::ZExt);
  IsArmed->setTailCallKind(CallInst::TCK_NoTail);
  CallInst *Result = callOriginal(B, Call, F);
  Result->setTailCallKind(CallInst::TCK_NoTail);
  BasicBlock *Disarm = BasicBlock::Create(C, "disarm", F);
  BasicBlock *Done = BasicBlock::Create(C, "done", F);
  B.CreateCondBr(IsArmed, Disarm, Done);
  B.SetInsertPoint(Disarm);
  B.CreateCall(runtimeEntry(entry::Disarm, B.getVoidTy(), {}))
      ->setTailCallKind(CallInst::TCK_NoTail);
  B.CreateBr(Done);
  B.SetInsertPoint(Done);
  B.CreateRet(Result);
}

/// The address of the weight cell that a site record refers to.
static Value *weightOf(IRBuilder<> &B, Value *Record) {
  Value *Field = B.CreateConstInBoundsGEP1_32(B.getInt8Ty(), Record,
                                              offsetof(Site, Weight));
  Value *Offset = B.CreateAlignedLoad(B.getInt32Ty(), Field, Align(4));
  // Not by a GEP: it leaves the record, which is a constant, for another
  // object.
  Value *Address = B.CreateAdd(B.CreatePtrToInt(Field, B.getInt64Ty()),
                               B.CreateSExt(Offset, B.getInt64Ty()));
  return B.CreateIntToPtr(Address, Field->getType());
}

Function *HelperEmitter::coldHelper(const HeapCall &Call) {
  LLVMContext &C = M.getContext();
  std::string Name = nameOf(ColdPrefix, Call);
  if (Function *Known = find(Name, Call))
    return Known;
  Function *SlowHelper = slowHelper(Call);
  Function *F = create(Name, Call);
  F->addFnAttr("frame-pointer", "none"); // It only jumps.
  BasicBlock *Entry = BasicBlock::Create(C, "entry", F);
  BasicBlock *Slow = BasicBlock::Create(C, "slow", F);
  BasicBlock *Orig = BasicBlock::Create(C, "orig", F);

  IRBuilder<> B(Orig);
  CallInst *Original = callOriginal(B, Call, F);
  Original->setTailCall();
  B.CreateRet(Original);

  // A jump, whatever the optimization level: the frame record of slow.f must
  // be next to the site's frame.
  B.SetInsertPoint(Slow);
  SmallVector<Value *, 4> Args;
  for (Argument &A : F->args())
    Args.push_back(&A);
  CallInst *ToSlow = B.CreateCall(SlowHelper, Args);
  ToSlow->setTailCallKind(CallInst::TCK_MustTail);
  ToSlow->setCallingConv(SlowHelper->getCallingConv());
  ToSlow->setAttributes(SlowHelper->getAttributes());
  ToSlow->removeFnAttr(Attribute::NoInline);
  B.CreateRet(ToSlow);

  B.SetInsertPoint(Entry);
  Tests.emit({Original, Call.Callee, Call.Form}, weightOf(B, F->getArg(0)),
             Entry, Slow, Orig);
  return F;
}

} // namespace heapfence
