// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report laid out as those of the kernel's KFENCE.

#include "heap_function.h"
#include "report_parts.h"
#include "report_styles.h"

namespace heapfence {

namespace {

constexpr char Line[] =
    "==================================================================\n";
/// Of a corruption.
constexpr unsigned MaxBytesShown = 16;

/// The error in words, but for how the access was.
const char *kindOf(ErrorKind Kind) {
  switch (Kind) {
  case ErrorKind::None:
    break;
  case ErrorKind::UseAfterFree:
    return "use-after-free";
  case ErrorKind::BufferOverflow:
  case ErrorKind::BufferUnderflow:
    return "out-of-bounds";
  case ErrorKind::DoubleFree:
    return "double free";
  case ErrorKind::InvalidFree:
    return "invalid free";
  case ErrorKind::Corruption:
    return "memory corruption";
  case ErrorKind::WildAccess:
    return "invalid";
  case ErrorKind::FamilyMismatch:
    return "mismatched free";
  case ErrorKind::SizeMismatch:
    return "wrong size in free";
  case ErrorKind::AlignmentMismatch:
    return "wrong alignment in free";
  case ErrorKind::AllocatorCrash:
    return "allocator crash";
  }
  return nameOf(Kind);
}

const char *accessOf(const Diagnosis &D) {
  switch (D.Kind) {
  case ErrorKind::UseAfterFree:
  case ErrorKind::BufferOverflow:
  case ErrorKind::BufferUnderflow:
  case ErrorKind::WildAccess:
    return D.How == Access::Read      ? " read"
           : D.How == Access::Write   ? " write"
           : D.How == Access::Execute ? " execution"
                                      : " access";
  default:
    return "";
  }
}

class KfenceReport {
public:
  KfenceReport(Writer &Out, const Report &R) : Out(Out), R(R) {}

  void write(int Pid) {
    headline();
    error();
    stack(ReportStack(R.Stack));
    if (R.Object)
      object();
    Out << "\nPID: ";
    Out.dec(uint64_t(Pid)) << ", thread T";
    Out.dec(R.Stack.Thread) << '\n';
  }

private:
  void headline() {
    Out << Line << "BUG: HeapFence: " << kindOf(R.Error.Kind)
        << accessOf(R.Error) << " in";
    place();
    Out << "\n\n";
  }

  /// Of the first stack's first frame.
  void place() {
    bool IsFirst = true;
    forEachFrame(R, ReportStack(R.Stack), [&](ReportFrame F) {
      if (IsFirst && F.Source && F.Source->Function.get())
        (Out << ' ').escaped(F.Source->Function.get());
      else if (IsFirst && !writeOffset(Out, F.Pc))
        (Out << ' ').hex(F.Pc);
      IsFirst = false;
    });
    if (IsFirst)
      (Out << ' ').hex(R.Stack.Registers.Pc);
  }

  void error() {
    const char *Kind = kindOf(R.Error.Kind);
    if (R.Error.AllocatorMessage)
      return allocatorError(Kind);
    bool IsCorruption = R.Error.Kind == ErrorKind::Corruption;
    if (IsCorruption)
      Out << "Corrupted memory";
    else
      capital(Kind);
    Out << accessOf(R.Error) << (isOfDeallocation(R) ? " of " : " at ");
    Out.hex(R.Error.Address);
    if (IsCorruption)
      bytes();
    writeArgument(Out, R.Error);
    if (isOfDeallocation(R))
      call();
    Out << " (";
    relation();
    Out << "):\n";
  }

  void allocatorError(const char *Kind) {
    capital(Kind);
    if (R.Error.Kind != ErrorKind::AllocatorCrash) {
      Out << ", found by the allocator (";
      Out.escaped(R.Error.AllocatorMessage) << ')';
    }
    Out << ":\n";
  }

  /// The first letter as one that begins a line.
  void capital(const char *Text) { Out << char(*Text - 'a' + 'A') << Text + 1; }

  /// What was found from the changed byte on: '.' is as it was.
  void bytes() {
    const Changes &C = R.Changed;
    if (!C.Total)
      return;
    Out << " [";
    size_t First = R.Error.Address - C.Begin;
    for (size_t I = First; I < C.Count && I != First + MaxBytesShown; ++I) {
      uint64_t Bit = uint64_t(1) << I;
      if (C.Outside & Bit)
        break;
      if (!(C.Changed & Bit))
        Out << " .";
      else if (R.ShowsBytes)
        (Out << " 0x").hexBytes(&C.Bytes[I], 1);
      else
        Out << " !";
    }
    Out << " ]";
  }

  /// The function that frees, and what it was told.
  void call() {
    const Deallocation &By = R.Error.By;
    Out << " by " << nameOf(By.Callee);
    if (R.Error.Kind == ErrorKind::SizeMismatch) {
      Out << ", size=";
      Out.dec(By.Size);
    } else if (R.Error.Kind == ErrorKind::AlignmentMismatch) {
      Out << ", alignment=";
      alignment(By.Alignment);
    }
  }

  void alignment(size_t Bytes) {
    if (Bytes)
      Out.dec(Bytes);
    else
      Out << "none";
  }

  /// How the address lies to the object, or where it is.
  void relation() {
    if (!R.Object) {
      Out << placeOf(R.Error);
      return;
    }
    if (R.Error.Where == Relation::Inside) {
      Out << "in ";
    } else {
      Out.plural(R.Error.Distance, "byte");
      Out << (R.Error.Where == Relation::Before ? " before " : " after ");
    }
    writeObject(Out, *R.Object);
  }

  void object() {
    const Slot &S = *R.Object;
    Out << '\n';
    writeObject(Out, S);
    (Out << ": ").hex(S.Address) << '-';
    Out.hex(S.Address + S.Size - (S.Size ? 1 : 0)) << ", size=";
    Out.dec(S.Size);
    if (R.Error.Kind == ErrorKind::AlignmentMismatch) {
      Out << ", alignment=";
      alignment(alignmentOf(S));
    }
    Out << ", by " << nameOf(S.Callee);
    writeGuarding(Out, R);
    Out << "\n\n";
    trace("allocated", R.Allocation, R.Allocation.Where);
    if (!R.IsFreed)
      return;
    Out << '\n';
    trace("freed", R.Release, R.FreedAt);
  }

  void trace(const char *Title, const Trace &T, const Site *Where) {
    Out << Title << " by thread T";
    Out.dec(T.Thread) << ":\n";
    stack({T, Where});
  }

  void stack(const ReportStack &Stack) {
    forEachFrame(R, Stack, [&](ReportFrame F) {
      (Out << ' ').hex(F.Pc);
      if (F.Source)
        writeSource(Out, *F.Source);
      writeModule(Out, F.Pc);
      Out << '\n';
    });
  }

  Writer &Out;
  const Report &R;
};

} // namespace

void writeKfenceReport(Writer &Out, const Report &R, int Pid) {
  KfenceReport(Out, R).write(Pid);
}

void writeKfenceSummary(Writer &Out, const Report &) { Out << Line; }

} // namespace heapfence
