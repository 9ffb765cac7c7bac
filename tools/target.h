// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process with HeapFence in it that is looked at from outside, and reports
// about it: the runtime's own text, symbolized.

#ifndef HEAPFENCE_TOOLS_TARGET_H
#define HEAPFENCE_TOOLS_TARGET_H

#include "core.h"
#include "pool_snapshot.h"
#include "report.h"
#include "report_rewriter.h"
#include "target_modules.h"
#include "target_sites.h"

namespace heapfence {

/// One of them at a time: see target_environment.h.
class Target {
public:
  /// Returns: null if HeapFence is not in it; `Problem` says so. `M` outlives
  /// the result.
  static std::unique_ptr<Target> open(const TargetMemory &M,
                                      std::string &Problem);
  ~Target();

  const PoolSnapshot &pool() const { return *Pool; }

  /// Fills in all of a report but its stack.
  void describeObject(Report &R, const Diagnosis &D);
  /// The stack of a thread, as a fault in it would have found it. `IsFirst`: it
  /// is the one that the process began with.
  void describeThread(ErrorStack &Stack, const arch::ThreadStatus &T,
                      bool IsFirst);

private:
  explicit Target(const TargetMemory &M) : M(M), Modules(M) {}
  Trace completedCopy(const Trace &T);
  uint32_t threadNumber(uint64_t Number) const;

  const TargetMemory &M;
  ObjectTables Tables = {};
  TargetModules Modules;
  std::unique_ptr<TargetSites> Sites;
  std::unique_ptr<PoolSnapshot> Pool;
};

/// Prints text of the runtime's, symbolized, to standard output.
class SymbolizedOutput {
public:
  explicit SymbolizedOutput(const SymbolizeOptions &Options)
      : Modules(Options, /*UseNetwork=*/true), Rewriter(Modules) {}

  /// `Text`: whole lines.
  void print(std::string_view Text);
  /// As `ReportRewriter::tellAccess`.
  void tellAccess(const arch::MemoryOperand &What) {
    Rewriter.tellAccess(What);
  }
  /// Returns: false if standard output refused something.
  bool finish(Verbosity Say);

private:
  ModuleTable Modules;
  ReportRewriter Rewriter;
  bool IsWritten = true;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_TARGET_H
