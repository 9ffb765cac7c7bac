// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The text of a report.

#include "report.h"
#include "heap_function.h"
#include "layout.h"
#include "modules.h"
#include "report_frames.h"
#include "report_type.h"

namespace heapfence {

namespace {

/// file:line:column, the latter if it is known.
void position(Writer &Out, const SourceFrame &F) {
  Out.escaped(F.File.get()) << ':';
  Out.dec(F.line());
  if (F.column())
    (Out << ':').dec(F.column());
}

class ReportWriter {
public:
  ReportWriter(Writer &Out, const Report &R) : Out(Out), R(R) {}

  void headline(const Report &R, int Pid) {
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
  void action(const Report &R) {
    if (R.Error.AllocatorMessage)
      return allocatorSays(R);
    switch (R.Error.Kind) {
    case ErrorKind::DoubleFree:
      return call(R, "double free of ");
    case ErrorKind::InvalidFree:
      return call(R, "free of ");
    case ErrorKind::FamilyMismatch:
    case ErrorKind::SizeMismatch:
    case ErrorKind::AlignmentMismatch:
      return mismatch(R);
    case ErrorKind::Corruption:
      Out << "corruption at ";
      Out.hex(R.Error.Address) << " found by thread T";
      Out.dec(R.Stack.Thread) << " here:\n";
      return;
    default:
      Out << (R.Error.How == Access::Read      ? "READ at "
              : R.Error.How == Access::Write   ? "WRITE at "
              : R.Error.How == Access::Execute ? "EXECUTE at "
                                               : "access at ");
      Out.hex(R.Error.Address) << " thread T";
      Out.dec(R.Stack.Thread);
      if (R.Error.Function) {
        Out << " in argument ";
        Out.dec(R.Error.Argument) << " of " << R.Error.Function << "()";
      }
      Out << '\n';
    }
  }

  void location(const Report &R) {
    if (R.Error.AllocatorMessage) {
      Out << "The object was not guarded: nothing more is known of it.\n";
      return;
    }
    Out.hex(R.Error.Address);
    if (!R.Object) {
      Out << " is "
          << (R.Error.Place ? R.Error.Place
                            : "in pool memory that never belonged to an object")
          << '\n';
      return;
    }
    const Slot &S = *R.Object;
    Out << " is located ";
    Out.plural(R.Error.Distance, "byte")
        << (R.Error.Where == Relation::Inside   ? " inside of "
            : R.Error.Where == Relation::Before ? " before "
                                                : " after ");
    Out.dec(S.Size) << "-byte region [";
    Out.hex(S.Address) << ',';
    Out.hex(S.Address + S.Size) << ") (heapfence-#";
    Out.dec(S.Serial) << (isLight(S) ? ", light" : "");
    type(typeOf(R));
    if (S.SiteIndex != NoSiteIndex) {
      Out << ", site ";
      Out.dec(S.SiteIndex) << ", ";
      Out.ordinal(S.SiteOrdinal) << " guarded here";
      if (S.Execution && S.Execution != S.SiteOrdinal)
        (Out << ", execution ").dec(S.Execution);
    }
    Out << ")\n";
  }

  /// The changed bytes as they are, or as "**"; "." for what is as it was,
  /// "--" for what is the object's or nobody's.
  void changes(const Changes &C, bool ShowsBytes) {
    if (!C.Total)
      return;
    Out.plural(C.Total, "byte") << " changed:\n";
    for (unsigned I = 0; I != C.Count; ++I) {
      uint64_t Bit = uint64_t(1) << I;
      if (I % 16 == 0) {
        Out << (I ? "\n    " : "    ");
        Out.hex(C.Begin + I) << ':';
      }
      Out << ' ';
      if (!(C.Changed & Bit))
        Out << (C.Outside & Bit ? "--" : "..");
      else if (ShowsBytes)
        Out.hexBytes(&C.Bytes[I], 1);
      else
        Out << "**";
    }
    Out << '\n';
  }

  void trace(const char *Title, const Trace &T, const Site *Where) {
    Out << Title << " by thread T";
    Out.dec(T.Thread) << " here:\n";
    frames(T.Pcs, T.Count, Where, /*FirstIsExact=*/false);
  }

  void frames(const uintptr_t *Pcs, unsigned Count, const Site *Top,
              bool FirstIsExact) {
    unsigned Number = 0;
    forEachFrame(R, Pcs, Count, Top, FirstIsExact,
                 [&](ReportFrame F) { frame(Number++, F.Pc, F.Source); });
  }

private:
  void type(const ReportType &T) {
    if (!T.Name)
      return;
    Out << ", ";
    if (T.Count)
      Out.dec(T.Count) << " x ";
    Out.escaped(T.Name);
    if (T.Count) {
      Out << (T.Index < 0 ? ", index -" : ", index ");
      Out.dec(static_cast<uint64_t>(T.Index < 0 ? -T.Index : T.Index));
    }
  }

  void allocatorSays(const Report &R) {
    Out << "the allocator found an error (";
    Out.escaped(R.Error.AllocatorMessage) << ") in thread T";
    Out.dec(R.Stack.Thread) << " here:\n";
  }

  void call(const Report &R, const char *What) {
    Out << What;
    Out.hex(R.Error.Address) << " by thread T";
    Out.dec(R.Stack.Thread) << " here:\n";
  }

  /// The call, and what would have been right.
  void mismatch(const Report &R) {
    const Deallocation &By = R.Error.By;
    const Slot &S = *R.Object;
    Out << nameOf(By.Callee);
    if (R.Error.Kind == ErrorKind::SizeMismatch) {
      Out << " with a size of ";
      Out.plural(By.Size, "byte");
    } else if (R.Error.Kind == ErrorKind::AlignmentMismatch) {
      alignment(By.Alignment);
      Out << ", allocated";
      alignment(S.AlignLog2 ? size_t(1) << S.AlignLog2 : 0);
    } else {
      Out << ", allocated by " << nameOf(S.Callee);
    }
    call(R, ", of ");
  }

  void alignment(size_t Bytes) {
    Out << (Bytes ? " with an alignment of " : " without an alignment");
    if (Bytes)
      Out.plural(Bytes, "byte");
  }

  void frame(unsigned Number, uintptr_t Pc, const SourceFrame *Source) {
    Out << "    #";
    Out.dec(Number) << ' ';
    Out.hex(Pc);
    if (Source)
      source(*Source);
    object(Pc);
    Out << '\n';
  }

  void source(const SourceFrame &F) {
    if (!F.Function.get())
      return;
    Out << " in ";
    Out.escaped(F.Function.get());
    if (!F.File.get() || !F.line())
      return;
    Out << ' ';
    position(Out, F);
  }

  void object(uintptr_t Pc) {
    LoadedObject O;
    if (!findObject(Pc, O))
      return;
    Out << " (";
    Out.escaped(O.Path) << '+';
    Out.hex(Pc - O.Bias) << ')';
    if (!O.BuildIdSize)
      return;
    Out << " (BuildId: ";
    Out.hexBytes(O.BuildId, O.BuildIdSize) << ')';
  }

  Writer &Out;
  const Report &R;
};

} // namespace

void writeReport(Writer &Out, const Report &R, int Pid) {
  ReportWriter W(Out, R);
  W.headline(R, Pid);
  W.action(R);
  W.frames(R.Stack.Pcs, R.Stack.Count, R.Stack.Where, R.Stack.IsFault);
  writeObject(Out, R);
}

void writeObject(Writer &Out, const Report &R) {
  ReportWriter W(Out, R);
  W.location(R);
  if (!R.Object)
    return;
  W.changes(R.Changed, R.ShowsBytes);
  if (R.IsFreed)
    W.trace("freed", R.Release, R.FreedAt);
  W.trace(R.IsFreed ? "previously allocated" : "allocated", R.Allocation,
          R.Allocation.Where);
}

void writeSummary(Writer &Out, const Report &R) {
  Out << "SUMMARY: HeapFence: " << nameOf(R.Error.Kind);
  const SourceFrame *Top = R.Stack.Where ? &R.Stack.Where->Where : nullptr;
  LoadedObject O;
  uintptr_t Pc = R.Stack.Count ? R.Stack.Pcs[0] : 0;
  if (Top && Top->File.get() && Top->Function.get() && Top->line()) {
    Out << ' ';
    position(Out, *Top);
    Out << " in ";
    Out.escaped(Top->Function.get());
  } else if (Pc && findObject(Pc, O)) {
    Out << " (";
    Out.escaped(O.Path) << '+';
    Out.hex(Pc - O.Bias - (R.Stack.IsFault ? 0 : arch::CallLength)) << ')';
  }
  Out << '\n';
}

} // namespace heapfence
