// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fills in reports about another process.

#include "target.h"
#include "control_block.h"
#include "file_io.h"
#include "target_environment.h"
#include "thread.h"

#include <algorithm>
#include <unistd.h>

namespace heapfence {

/// For `Report::IsHelper`, which has no room for it.
static TargetSites *SitesOfTarget;

std::unique_ptr<Target> Target::open(const TargetMemory &M,
                                     std::string &Problem) {
  std::optional<FoundControlBlock> Found = findControlBlock(M, Problem);
  if (!Found)
    return nullptr;
  std::unique_ptr<Target> T(new Target(M));
  T->Tables = Found->Block.Objects;
  T->Pool = PoolSnapshot::take(M, T->Tables, Problem);
  if (!T->Pool)
    return nullptr;
  T->Sites = std::make_unique<TargetSites>(M, T->Tables);
  setTarget(M, T->Modules);
  arch::lookAt(T->Modules.cpuOf(T->Tables.Layout));
  SitesOfTarget = T->Sites.get();
  return T;
}

Target::~Target() = default;

static uint64_t addressOf(const void *P) {
  return reinterpret_cast<uintptr_t>(P);
}

Trace Target::completedCopy(const Trace &T) {
  unsigned Max = std::min(Tables.StackFrames, MaxTraceFrames);
  Trace Result = completed(T, Max);
  uint64_t Where = addressOf(T.Where);
  Result.Where = Where ? Sites->siteAt(Where) : nullptr;
  return Result;
}

void Target::describeObject(Report &R, const Diagnosis &D) {
  R.Error = D;
  R.IsHelper = [](uintptr_t Pc) { return SitesOfTarget->isHelper(Pc); };
  R.Object = D.Slot == NoSlot ? nullptr : &Pool->slot(D.Slot);
  R.IsFreed = R.Object && hasRelease(R.Object->State.loadRelaxed());
  R.FreedAt = R.NumberedSite = nullptr;
  R.Changed = {};
  R.ShowsBytes = Tables.ShowsBytes;
  if (R.Object)
    R.Allocation = completedCopy(R.Object->Allocation);
  if (!R.IsFreed)
    return;
  const Trace &Release = R.Object->Release;
  R.Release = completedCopy(Release);
  R.FreedAt = Sites->ofCall(addressOf(Release.Where), Release.Pcs[0]);
}

/// `Number`: as of `ThreadState`.
uint32_t Target::threadNumber(uint64_t Number) const {
  // One that has none gets the next when it first needs one.
  return Number ? static_cast<uint32_t>(Number - 1)
                : M.read<uint32_t>(Tables.ThreadCount).value_or(0);
}

void Target::describeThread(ErrorStack &Stack, const arch::ThreadStatus &T,
                            bool IsFirst) {
  ThreadState State = {};
  // Some tools that write core files leave the thread pointer out.
  State.Number = IsFirst;
  if (T.ThreadPointer)
    M.read(T.ThreadPointer + static_cast<uint64_t>(Tables.ThreadStateDistance),
           &State, sizeof(State));
  Stack.Registers = T.Frame;
  Stack.IsFault = true;
  // While the runtime works for a caller, the access is the caller's.
  uint64_t Caller = addressOf(State.AccessFor);
  CallerFrame Frame;
  if (Caller && M.read(Caller, &Frame, sizeof(Frame))) {
    Stack.Registers = arch::registersOf(Frame);
    Stack.Registers.Sp += Caller - addressOf(&Frame);
    Stack.IsFault = false;
  }
  Stack.Where = nullptr;
  Stack.Thread = threadNumber(State.Number);
  Stack.Count =
      unwindCfi(Stack.Registers, stackBounds(Stack.Registers.Sp),
                /*StartIsFault=*/Stack.IsFault, Stack.Pcs, MaxReportFrames);
}

void SymbolizedOutput::print(std::string_view Text) {
  std::string Out;
  for (size_t End; (End = Text.find('\n')) != Text.npos;
       Text.remove_prefix(End + 1))
    if (Rewriter.rewrite(Text.substr(0, End), Out))
      Out += '\n';
  IsWritten &= writeAll(STDOUT_FILENO, Out);
}

bool SymbolizedOutput::finish(Verbosity Say) {
  Modules.explain(llvm::errs(), Say);
  return IsWritten;
}

} // namespace heapfence
