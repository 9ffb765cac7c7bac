// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The module pass: chooses the functions, collects their heap calls, guards
// them, and emits the module's site table.

#ifndef HEAPFENCE_PASS_HEAPFENCEPASS_H
#define HEAPFENCE_PASS_HEAPFENCEPASS_H

#include "PassOptions.h"
#include "llvm/IR/PassManager.h"

namespace heapfence {

/// Keeps no state between modules, so link-time optimisation may run it in
/// several threads. Running it again on its own output changes nothing.
class HeapFencePass : public llvm::PassInfoMixin<HeapFencePass> {
public:
  explicit HeapFencePass(PassOptions Options) : Options(std::move(Options)) {}

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);

  /// Also at -O0 and in functions marked optnone.
  static bool isRequired() { return true; }

private:
  PassOptions Options;
};

/// Runs first: marks the heap calls of functions that the user opted out, so
/// that they stay as they are wherever they are inlined, and at link time.
class ExemptionPass : public llvm::PassInfoMixin<ExemptionPass> {
public:
  explicit ExemptionPass(PassOptions Options) : Options(std::move(Options)) {}

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);

  static bool isRequired() { return true; }

private:
  PassOptions Options;
};

} // namespace heapfence

#endif // HEAPFENCE_PASS_HEAPFENCEPASS_H
