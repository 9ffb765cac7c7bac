// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the helpers that guards call. They take the site in the register of the
// `nest` attribute, and the call's own arguments where the call put them.
//
//   slow.f: asks the runtime; what it refuses goes to f. Keeps a frame record,
//           by which the runtime finds the site's frame.
//   cold.f: makes the test, and jumps to slow.f or f.
//
// One of each kind per linked module and heap function. For an allocation
// wrapper the name also tells the prototype, and slow.f is
//
//   %armed = call i1 @__heapfence_arm(ptr %site)
//   %r = call ptr @f(...)
//   if (%armed) call void @__heapfence_disarm()
//
// A wrapper that is called through a pointer has the helper of its prototype,
// which takes the pointer behind the arguments.

#ifndef HEAPFENCE_PASS_HELPER_H
#define HEAPFENCE_PASS_HELPER_H

#include "SampleTest.h"
#include "llvm/ADT/StringMap.h"

namespace heapfence {

/// True for a call that was dealt with, or exempted.
bool isGuarded(const llvm::CallBase &Call);
/// Marks `Call` to be left as it is from now on.
void exempt(llvm::CallBase &Call);

/// Has all calls of `Callee` in its module, if it is a function of a library,
/// go by its address in the global offset table: an instruction less than by a
/// stub of the procedure linkage table. (The linker makes a plain call of it
/// where it knows the function after all.)
void callWithoutStub(llvm::Value *Callee);

/// Makes `F` one per linked module, and no frame of a report.
void placeAsHelper(llvm::Function &F);

class HelperEmitter {
public:
  HelperEmitter(llvm::Module &M, SampleTest &Tests);

  llvm::Function *slowHelper(const HeapCall &Call);
  llvm::Function *coldHelper(const HeapCall &Call);

private:
  std::string nameOf(const char *Prefix, const HeapCall &Call);
  llvm::Function *find(const std::string &Name, const HeapCall &Call);
  llvm::Function *create(const std::string &Name, const HeapCall &Call);
  void placeWith(llvm::Function &F, llvm::Function &Wrapper);
  void askRuntime(llvm::Function *F, const HeapCall &Call);
  void armAndCall(llvm::Function *F, const HeapCall &Call);
  llvm::CallInst *callRuntime(llvm::IRBuilder<> &B, const HeapCall &Call,
                              llvm::Value *Record);
  llvm::Value *isRefused(llvm::IRBuilder<> &B, const HeapCall &Call,
                         llvm::CallInst *Result);
  llvm::Function *runtimeEntry(llvm::StringRef Name, llvm::Type *Result,
                               llvm::ArrayRef<llvm::Type *> Parameters);

  llvm::Module &M;
  SampleTest &Tests;
  const bool IsForLinkTime;
  const std::string ModuleId;
  llvm::IntegerType *I32, *I64;
  llvm::PointerType *Ptr;
  /// Those of wrappers with local linkage, by the name asked for: the module
  /// may hold one of the same name from another module.
  llvm::StringMap<llvm::Function *> Local;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_HELPER_H
