// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the helpers that calls with buffers go through: one pair per linked
// module and function, so that a call is as long as before.
//
//   check.f:      jumps to f, or to check_slow.f if one of its buffers lies in
//                 the window of guarded objects
//   check_slow.f: jumps to the runtime, which checks the buffers and jumps to f

#ifndef HEAPFENCE_PASS_BUFFERHELPER_H
#define HEAPFENCE_PASS_BUFFERHELPER_H

#include "BufferCall.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace heapfence {

class BufferHelperEmitter {
public:
  explicit BufferHelperEmitter(llvm::Module &M);

  /// Has `Call`, which matches `F`, go through the helper of `F`.
  void redirect(llvm::CallBase &Call, const BufferFunction &F);

private:
  llvm::Function *checkHelper(const BufferFunction &F);
  llvm::Function *slowHelper(const BufferFunction &F);
  llvm::Function *create(const std::string &Name, const BufferFunction &F);
  void emitTest(llvm::IRBuilder<> &B, const BufferFunction &F,
                llvm::BasicBlock *Guarded, llvm::BasicBlock *Plain);
  llvm::GlobalVariable *describe(const BufferFunction &F);

  llvm::Module &M;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_BUFFERHELPER_H
