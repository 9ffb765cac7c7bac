// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report that programs take for AddressSanitizer's. Its kinds and lines are
// AddressSanitizer's wherever that has any for the error; what is HeapFence's
// alone is in a line of its own, before the summary.

#include "heap_function.h"
#include "report_parts.h"
#include "report_styles.h"

namespace heapfence {

namespace {

/// How AddressSanitizer writes that it knows no address.
constexpr char NoAddress[] = "0x000000000000";

bool isOfC(HeapFunction F) { return familyOf(F) == Family::Malloc; }

/// The kind as AddressSanitizer's summaries name it, or our own.
const char *kindOf(const Diagnosis &D) {
  switch (D.Kind) {
  case ErrorKind::BufferUnderflow:
    return nameOf(ErrorKind::BufferOverflow);
  case ErrorKind::InvalidFree:
    return "bad-free";
  case ErrorKind::WildAccess:
    return "unknown-crash";
  case ErrorKind::SizeMismatch:
  case ErrorKind::AlignmentMismatch:
    return isOfC(D.By.Callee) ? "free-size-mismatch"
                              : "new-delete-type-mismatch";
  default:
    return nameOf(D.Kind);
  }
}

/// AddressSanitizer knows three families, not functions.
struct FamilyNames {
  const char *Allocation, *Deallocation;
};

FamilyNames familyNamesOf(HeapFunction F) {
  switch (familyOf(F)) {
  case Family::New:
    return {"operator new", "operator delete"};
  case Family::NewArray:
    return {"operator new []", "operator delete []"};
  case Family::Malloc:
    break;
  }
  return {"malloc", "free"};
}

/// As of AddressSanitizer's, a frame whose line is known has no module: parsers
/// would take it for a part of the function's name.
void printStack(Writer &Out, const Report &R, const ReportStack &Stack) {
  unsigned Number = 0;
  forEachFrame(R, Stack, [&](ReportFrame F) {
    Out << "    #";
    Out.dec(Number++) << ' ';
    Out.hex(F.Pc);
    if (F.Source)
      writeSource(Out, *F.Source);
    if (!F.Source || !hasPosition(*F.Source))
      writeModule(Out, F.Pc);
    Out << '\n';
  });
  Out << '\n';
}

class AsanReport {
public:
  AsanReport(Writer &Out, const Report &R) : Out(Out), R(R) {}

  void write(int Pid) {
    Out << "==";
    Out.dec(uint64_t(Pid)) << "==ERROR: AddressSanitizer: ";
    headline();
    details();
    printStack(Out, R, ReportStack(R.Stack));
    location();
    writeHistory(Out, R, printStack);
    note(Pid);
  }

private:
  /// What follows "AddressSanitizer: " in the first line.
  void headline() {
    switch (R.Error.Kind) {
    case ErrorKind::DoubleFree:
      Out << "attempting double-free on ";
      address(R.Error.AllocatorMessage ? "unknown address " : "");
      return inThread(":\n");
    case ErrorKind::InvalidFree:
      Out << "attempting free on address which was not malloc()-ed: ";
      address("");
      return inThread("\n");
    case ErrorKind::FamilyMismatch:
      Out << kindOf(R.Error) << " ("
          << familyNamesOf(R.Object->Callee).Allocation << " vs "
          << familyNamesOf(R.Error.By.Callee).Deallocation << ") on ";
      address("");
      Out << '\n';
      return;
    case ErrorKind::SizeMismatch:
    case ErrorKind::AlignmentMismatch:
      Out << kindOf(R.Error) << " on ";
      address("");
      return inThread(":\n");
    default:
      Out << kindOf(R.Error) << " on ";
      address(R.Error.AllocatorMessage ? "unknown address " : "address ");
      registers();
    }
  }

  void address(const char *Title) {
    Out << Title;
    if (R.Error.AllocatorMessage)
      Out << NoAddress;
    else
      Out.hex(R.Error.Address);
  }

  void inThread(const char *End) {
    Out << " in thread T";
    Out.dec(R.Stack.Thread) << End;
  }

  void registers() {
    const FrameRegisters &At = R.Stack.Registers;
    Out << " at pc ";
    Out.hex(R.Stack.Count ? R.Stack.Pcs[0] : At.Pc) << " bp ";
    Out.hex(At.Fp) << " sp ";
    Out.hex(At.Sp) << '\n';
  }

  /// The lines between the first and the stack.
  void details() {
    switch (R.Error.Kind) {
    case ErrorKind::SizeMismatch:
    case ErrorKind::AlignmentMismatch:
      return isOfC(R.Error.By.Callee) ? wrongSize() : wrongType();
    case ErrorKind::UseAfterFree:
    case ErrorKind::BufferOverflow:
    case ErrorKind::BufferUnderflow:
    case ErrorKind::WildAccess:
      return access();
    default:
      return;
    }
  }

  /// How many bytes were accessed is not known.
  void access() {
    Out << (R.Error.How == Access::Write     ? "WRITE"
            : R.Error.How == Access::Unknown ? "ACCESS"
                                             : "READ")
        << " of size {*} at ";
    Out.hex(R.Error.Address) << " thread T";
    Out.dec(R.Stack.Thread) << '\n';
  }

  void wrongType() {
    const Deallocation &By = R.Error.By;
    const Slot &S = *R.Object;
    Out << "  object passed to delete has wrong type:\n";
    if (R.Error.Kind == ErrorKind::SizeMismatch) {
      bytes("  size of the allocated type:   ", S.Size, ";\n");
      bytes("  size of the deallocated type: ", By.Size, ".\n");
    } else {
      alignment("  alignment of the allocated type:   ", alignmentOf(S), ";\n");
      alignment("  alignment of the deallocated type: ", By.Alignment, ".\n");
    }
  }

  void wrongSize() {
    const Deallocation &By = R.Error.By;
    const Slot &S = *R.Object;
    Out << "  object passed to " << nameOf(By.Callee)
        << " has wrong size or alignment:\n";
    if (R.Error.Kind == ErrorKind::SizeMismatch) {
      bytes("  size of the allocation:   ", S.Size, ";\n");
      bytes("  size of the deallocation: ", By.Size, ".\n");
    } else {
      alignment("  alignment of the allocation:   ", alignmentOf(S), ";\n");
      alignment("  alignment of the deallocation: ", By.Alignment, ".\n");
    }
  }

  void bytes(const char *Title, size_t Count, const char *End) {
    Out << Title;
    Out.dec(Count) << " bytes" << End;
  }

  void alignment(const char *Title, size_t Bytes, const char *End) {
    if (Bytes)
      bytes(Title, Bytes, End);
    else
      Out << Title << "default-aligned" << End;
  }

  void location() {
    if (R.Error.AllocatorMessage)
      return;
    if (!R.Object)
      Out << "Address ";
    Out.hex(R.Error.Address);
    if (R.Object) {
      Out << " is located ";
      writeRelation(Out, R);
      Out << '\n';
    } else {
      Out << " is " << placeOf(R.Error) << '\n';
    }
  }

  /// Who really reports, and what the rest has no place for.
  void note(int Pid) {
    Out << "==";
    Out.dec(uint64_t(Pid)) << "==HeapFence: " << nameOf(R.Error.Kind);
    writeArgument(Out, R.Error);
    if (R.Error.How == Access::Execute)
      Out << " by a jump";
    if (isOfDeallocation(R))
      Out << " by " << nameOf(R.Error.By.Callee);
    if (R.Error.Kind == ErrorKind::FamilyMismatch)
      Out << ", allocated by " << nameOf(R.Object->Callee);
    if (R.Error.AllocatorMessage && R.Error.Kind != ErrorKind::AllocatorCrash) {
      Out << ", found by the allocator: ";
      Out.escaped(R.Error.AllocatorMessage);
    } else if (R.Error.Kind == ErrorKind::Corruption) {
      Out << ", found by the first stack, not made by it";
    }
    if (R.Object) {
      Out << "; ";
      writeObject(Out, *R.Object);
      writeGuarding(Out, R);
    }
    Out << '\n';
  }

  Writer &Out;
  const Report &R;
};

} // namespace

void writeAsanReport(Writer &Out, const Report &R, int Pid) {
  AsanReport(Out, R).write(Pid);
}

void writeAsanSummary(Writer &Out, const Report &R) {
  Out << "SUMMARY: AddressSanitizer: " << kindOf(R.Error);
  writeErrorPlace(Out, R);
  Out << '\n';
}

} // namespace heapfence
