// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// HeapFence's own report.

#include "heap_function.h"
#include "report_parts.h"
#include "report_styles.h"

namespace heapfence {

namespace {

class DefaultReport {
public:
  DefaultReport(Writer &Out, const Report &R, StackPrinter Print)
      : Out(Out), R(R), Print(Print) {}

  void write(int Pid) {
    headline(Pid);
    action();
    Print(Out, R, ReportStack(R.Stack));
    object();
  }

  void object() {
    location();
    writeHistory(Out, R, Print);
  }

private:
  void headline(int Pid) {
    const FrameRegisters &At = R.Stack.Registers;
    Out << "==";
    Out.dec(uint64_t(Pid)) << "==ERROR: HeapFence: " << nameOf(R.Error.Kind);
    if (R.Error.AllocatorMessage)
      Out << " on unknown address at pc ";
    else
      (Out << " on address ").hex(R.Error.Address) << " at pc ";
    Out.hex(R.Stack.Count ? R.Stack.Pcs[0] : At.Pc) << " bp ";
    Out.hex(At.Fp) << " sp ";
    Out.hex(At.Sp) << '\n';
  }

  /// What was done, and by which thread.
  void action() {
    if (R.Error.AllocatorMessage)
      return allocatorSays();
    switch (R.Error.Kind) {
    case ErrorKind::DoubleFree:
      return call("double free of ");
    case ErrorKind::InvalidFree:
      return call("free of ");
    case ErrorKind::FamilyMismatch:
    case ErrorKind::SizeMismatch:
    case ErrorKind::AlignmentMismatch:
      return mismatch();
    case ErrorKind::Corruption:
      Out << "corruption at ";
      Out.hex(R.Error.Address) << " found by thread T";
      Out.dec(R.Stack.Thread) << " here:\n";
      return;
    default:
      access();
    }
  }

  void access() {
    Out << (R.Error.How == Access::Read      ? "READ at "
            : R.Error.How == Access::Write   ? "WRITE at "
            : R.Error.How == Access::Execute ? "EXECUTE at "
                                             : "access at ");
    Out.hex(R.Error.Address) << " thread T";
    Out.dec(R.Stack.Thread);
    writeArgument(Out, R.Error);
    Out << '\n';
  }

  void allocatorSays() {
    Out << "the allocator found an error (";
    Out.escaped(R.Error.AllocatorMessage) << ") in thread T";
    Out.dec(R.Stack.Thread) << " here:\n";
  }

  void call(const char *What) {
    Out << What;
    Out.hex(R.Error.Address);
    writeArgument(Out, R.Error);
    Out << " by thread T";
    Out.dec(R.Stack.Thread) << " here:\n";
  }

  /// The call, and what would have been right.
  void mismatch() {
    const Deallocation &By = R.Error.By;
    const Slot &S = *R.Object;
    Out << nameOf(By.Callee);
    if (R.Error.Kind == ErrorKind::SizeMismatch) {
      Out << " with a size of ";
      Out.plural(By.Size, "byte");
    } else if (R.Error.Kind == ErrorKind::AlignmentMismatch) {
      alignment(By.Alignment);
      Out << ", allocated";
      alignment(alignmentOf(S));
    } else {
      Out << ", allocated by " << nameOf(S.Callee);
    }
    call(", of ");
  }

  void alignment(size_t Bytes) {
    Out << (Bytes ? " with an alignment of " : " without an alignment");
    if (Bytes)
      Out.plural(Bytes, "byte");
  }

  void location() {
    if (R.Error.AllocatorMessage) {
      Out << "The object was not guarded: nothing more is known of it.\n";
      return;
    }
    Out.hex(R.Error.Address);
    if (!R.Object) {
      Out << " is " << placeOf(R.Error) << '\n';
      return;
    }
    Out << " is located ";
    writeRelation(Out, R);
    Out << " (";
    writeObject(Out, *R.Object);
    writeGuarding(Out, R);
    Out << ")\n";
  }

  Writer &Out;
  const Report &R;
  const StackPrinter Print;
};

void printStack(Writer &Out, const Report &R, const ReportStack &Stack) {
  unsigned Number = 0;
  forEachFrame(R, Stack, [&](ReportFrame F) {
    Out << "    #";
    Out.dec(Number++) << ' ';
    Out.hex(F.Pc);
    if (F.Source)
      writeSource(Out, *F.Source);
    writeModule(Out, F.Pc);
    Out << '\n';
  });
}

} // namespace

void writeHistory(Writer &Out, const Report &R, StackPrinter Print) {
  if (!R.Object)
    return;
  auto Write = [&](const char *Title, const Trace &T, const Site *Where) {
    Out << Title << " by thread T";
    Out.dec(T.Thread) << " here:\n";
    Print(Out, R, {T, Where});
  };
  writeChanges(Out, R);
  if (R.IsFreed)
    Write("freed", R.Release, R.FreedAt);
  Write(R.IsFreed ? "previously allocated" : "allocated", R.Allocation,
        R.Allocation.Where);
}

void writeTextReport(Writer &Out, const Report &R, int Pid,
                     StackPrinter Print) {
  DefaultReport(Out, R, Print).write(Pid);
}

void writeDescription(Writer &Out, const Report &R) {
  DefaultReport(Out, R, printStack).object();
}

void writeDefaultReport(Writer &Out, const Report &R, int Pid) {
  writeTextReport(Out, R, Pid, printStack);
}

void writeDefaultSummary(Writer &Out, const Report &R) {
  Out << "SUMMARY: HeapFence: " << nameOf(R.Error.Kind);
  writeErrorPlace(Out, R);
  Out << '\n';
}

} // namespace heapfence
