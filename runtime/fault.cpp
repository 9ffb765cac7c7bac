// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a fault to a report, and on.

#include "fault.h"
#include "allocator_error.h"
#include "reporter.h"
#include "runtime.h"
#include "signals.h"
#include "sweep.h"
#include "trace.h"
#include "unwind.h"

#include <errno.h>
#include <string.h>

namespace heapfence {

namespace {

/// Pool memory without an object has no slot to remember its report in.
Atomic<bool> IsWildReported;

Pool &pool() { return TheRuntime.Objects; }

PoolView view() {
  return {pool().layout(), pool().slots(), pool().slotCount()};
}

/// True for the one thread that may report on the object.
bool claimReport(uint32_t Slot) {
  Atomic<bool> &Reported =
      Slot == NoSlot ? IsWildReported : pool().slot(Slot).IsReported;
  return !Reported.exchangeAcqRel(true);
}

void describeObject(Report &R, const Diagnosis &D) {
  R.Error = D;
  R.IsHelper = [](uintptr_t Pc) { return TheRuntime.Sites.isHelper(Pc); };
  R.Object = D.Slot == NoSlot ? nullptr : &pool().slot(D.Slot);
  SlotState State =
      R.Object ? R.Object->State.loadAcquire() : SlotState::Unused;
  R.IsFreed = hasRelease(State);
  if (R.Object)
    TheRuntime.Sites.count(R.Object->SiteIndex, &SiteCounts::Reported);
  R.FreedAt = nullptr;
  R.NumberedSite =
      R.Object ? TheRuntime.Sites.site(R.Object->SiteIndex) : nullptr;
  if (R.Object)
    R.Allocation = completed(R.Object->Allocation);
  R.Changed = {};
  if (D.Kind == ErrorKind::Corruption && R.Object)
    R.Changed = pool().changesFrom(D.Address, *R.Object);
  R.ShowsBytes = TheOptions.show_bytes;
  if (R.IsFreed)
    R.Release = completed(R.Object->Release);
  if (R.IsFreed)
    R.FreedAt = TheRuntime.Sites.ofCall(R.Object->Release.Where,
                                        R.Object->Release.Pcs[0]);
}

/// The stack of a fault. While the runtime works on the program's memory for a
/// caller, the access is the caller's: our own frames are left out.
void describeFault(ErrorStack &Stack, const void *Context) {
  const CallerFrame *Caller = threadState().AccessFor;
  Stack.Registers =
      Caller ? arch::registersOf(*Caller) : arch::registersOf(Context);
  Stack.IsFault = !Caller;
  Stack.Where = nullptr;
  Stack.Thread = threadNumber();
  Stack.Count =
      unwindCfi(Stack.Registers, stackBounds(Stack.Registers.Sp),
                /*StartIsFault=*/Stack.IsFault, Stack.Pcs, MaxReportFrames);
}

void describeCall(ErrorStack &Stack, Origin From) {
  Stack.Registers = arch::registersOf(*From.Caller);
  Stack.IsFault = false;
  Stack.Where = TheRuntime.Sites.ofCall(From.Where, Stack.Registers.Pc);
  Stack.Thread = threadNumber();
  Stack.Count = unwindCfi(Stack.Registers, stackBounds(Stack.Registers.Sp),
                          /*StartIsFault=*/false, Stack.Pcs, MaxReportFrames);
}

/// The address a fault is about; 0 if the signal does not tell one.
uintptr_t addressOf(const siginfo_t *Info) {
  // A sent signal, or a fault whose address the CPU does not give.
  if (Info->si_code <= 0 || Info->si_code == SI_KERNEL)
    return 0;
  return arch::stripTag(reinterpret_cast<uintptr_t>(Info->si_addr));
}

/// Reports `D`, which the signal in `Context` tells of, once for an object.
void reportFault(const Diagnosis &D, const void *Context) {
  if (!claimReport(D.Slot))
    return;
  ReportTurn Turn;
  if (!Turn.isMine())
    return count(Counter::ReportsLost);
  describeObject(Turn.report(), D);
  describeFault(Turn.report().Stack, Context);
  emitReport(Turn.report());
}

} // namespace

void handleFault(int Signal, siginfo_t *Info, void *Context) {
  int SavedErrno = errno;
  uintptr_t Address = addressOf(Info);
  if (!TheRuntime.isOn() || !Address || !pool().owns(Address)) {
    errno = SavedErrno;
    return handleCrash(Signal, Info, Context);
  }
  Diagnosis D = diagnoseAccess(view(), Address, arch::accessOf(Context));
  if (D.Kind == ErrorKind::None) {
    errno = SavedErrno;
    return handleCrash(Signal, Info, Context);
  }
  reportFault(D, Context);
  // An open page is not executable: the jump would fault for ever.
  bool CanGoOn = D.How != Access::Execute;
  if (CanGoOn && !pool().openAfterReport(Address, D.Slot)) {
    sayLine("the page could not be opened: the program cannot go on");
    CanGoOn = false;
  }
  errno = SavedErrno;
  if (!CanGoOn)
    forwardFault(Signal, Info, Context);
}

/// Drops the first `Skip` frames of a stack that begins with a fault.
static void dropFrames(ErrorStack &Stack, unsigned Skip) {
  Stack.IsFault = false;
  Stack.Count -= Skip;
  memmove(Stack.Pcs, Stack.Pcs + Skip, Stack.Count * sizeof(Stack.Pcs[0]));
}

/// The error that the allocator's message tells of.
static Diagnosis judgeAbort() {
  Diagnosis D;
  D.AllocatorMessage = abortMessage();
  if (D.AllocatorMessage)
    D.Kind = judgeAbortMessage(D.AllocatorMessage);
  return D;
}

/// The error if the fault, which frame number `Call` met, is one in a
/// deallocation, not any crash in the C library.
static Diagnosis judgeCrash(const ErrorStack &Stack, unsigned Call) {
  Diagnosis D;
  if (Call != Stack.Count && TheRuntime.Sites.findByReturn(Stack.Pcs[Call])) {
    D.Kind = ErrorKind::AllocatorCrash;
    D.AllocatorMessage = "it crashed";
  }
  return D;
}

/// Reports what the allocator under us ends the program for, once.
static void reportAllocatorError(int Signal, const void *Context) {
  static Atomic<bool> IsDone;
  if (!TheRuntime.isOn() || IsDone.loadRelaxed())
    return;
  // Most aborts are the program's own: to see that must cost little, too, in a
  // process that lives for a moment.
  const bool IsAbort = Signal == SIGABRT;
  Diagnosis D;
  if (IsAbort && (D = judgeAbort()).Kind == ErrorKind::None)
    return;
  ReportTurn Turn;
  if (!Turn.isMine())
    return;
  Report &R = Turn.report();
  describeFault(R.Stack, Context);
  unsigned Call = findAllocatorCall(R.Stack.Pcs, R.Stack.Count);
  if (!IsAbort)
    D = judgeCrash(R.Stack, Call);
  if (D.Kind == ErrorKind::None || IsDone.exchangeAcqRel(true))
    return;
  if (Call != R.Stack.Count)
    dropFrames(R.Stack, Call);
  R.Stack.Where = TheRuntime.Sites.ofCall(nullptr, R.Stack.Pcs[0]);
  describeObject(R, D);
  emitReport(R);
}

/// The error by which a register got its value: it is what lies beside objects,
/// and in freed light ones.
static Diagnosis judgeRegisters(const void *Context) {
  uint64_t Values[arch::GeneralRegisterCount];
  arch::generalRegisters(Context, Values);
  for (uint64_t Value : Values)
    if (uintptr_t Address = pool().whereLeft(Value)) {
      Diagnosis D = diagnoseAccess(view(), Address, Access::Read);
      D.IsLate = true;
      if (D.Kind != ErrorKind::None)
        return D;
    }
  return {};
}

/// Reports what the program read, unseen, before it crashed over it.
/// Returns: false if it read no such thing.
static bool reportLateRead(const void *Context) {
  if (!TheRuntime.isOn())
    return false;
  Diagnosis D = judgeRegisters(Context);
  if (D.Kind == ErrorKind::None)
    return false;
  int SavedErrno = errno;
  reportFault(D, Context);
  errno = SavedErrno;
  return true;
}

void handleCrash(int Signal, siginfo_t *Info, void *Context) {
  // A program that lives on after an abort has met the error all the same.
  bool IsFault = Signal == SIGSEGV || Signal == SIGBUS;
  if (Signal == SIGABRT || isLethal(Signal, *Info))
    if (!IsFault || !reportLateRead(Context))
      reportAllocatorError(Signal, Context);
  // What the program handles by itself may be no crash, and frequent.
  if (isLethal(Signal, *Info)) {
    int SavedErrno = errno;
    sweepAtEnd({nullptr,
                static_cast<const CallerFrame *>(__builtin_frame_address(0))});
    errno = SavedErrno;
  }
  forwardFault(Signal, Info, Context);
}

/// Reports what a call found.
static void reportEach(const Diagnosis &D, Origin From) {
  ReportTurn Turn;
  if (!Turn.isMine())
    return count(Counter::ReportsLost);
  describeObject(Turn.report(), D);
  describeCall(Turn.report().Stack, From);
  emitReport(Turn.report());
}

/// The same, once for an object.
static void reportFromCall(const Diagnosis &D, Origin From) {
  if (claimReport(D.Slot))
    reportEach(D, From);
}

/// `P` if it has a tag, else 0.
static uintptr_t taggedPointer(const void *P) {
  uintptr_t Pointer = reinterpret_cast<uintptr_t>(P);
  return Pointer == arch::untagged(P) ? 0 : Pointer;
}

void reportForeignFree(const void *P, const char *Place, Deallocation By,
                       Origin From) {
  Diagnosis D{ErrorKind::InvalidFree, Access::Unknown, arch::untagged(P)};
  D.TaggedPointer = taggedPointer(P);
  D.By = By;
  D.Place = Place;
  reportEach(D, From);
}

void reportBadFree(const void *P, ErrorKind Kind, uint32_t Slot,
                   Deallocation By, Origin From) {
  Diagnosis D = diagnoseFree(view(), arch::untagged(P), Kind, Slot, By);
  D.TaggedPointer = taggedPointer(P);
  reportFromCall(D, From);
}

void judgeDeallocation(const void *P, uint32_t Slot, Deallocation By,
                       Origin From) {
  Diagnosis D = diagnoseDeallocation(view(), Slot, By);
  if (D.Kind == ErrorKind::None || !TheOptions.check_mismatch)
    return;
  D.TaggedPointer = taggedPointer(P);
  reportFromCall(D, From);
}

void judgeBuffer(const void *Begin, size_t Size, const char *Function,
                 const BufferArgument &Argument, Origin From) {
  Diagnosis D =
      diagnoseRange(view(), arch::untagged(Begin), Size,
                    Argument.IsWritten ? Access::Write : Access::Read);
  if (D.Kind == ErrorKind::None)
    return;
  D.TaggedPointer = taggedPointer(Begin);
  D.Function = Function;
  D.Argument = Argument.Number;
  reportFromCall(D, From);
}

void reportCorruption(uintptr_t Changed, uint32_t Slot, Origin From) {
  reportFromCall(diagnoseCorruption(view(), Changed, Slot), From);
}

} // namespace heapfence
