// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What reports of several styles have in common.

#include "report_parts.h"
#include "layout.h"
#include "modules.h"
#include "report_type.h"

namespace heapfence {

bool isOfDeallocation(const Report &R) {
  switch (R.Error.Kind) {
  case ErrorKind::DoubleFree:
  case ErrorKind::InvalidFree:
  case ErrorKind::FamilyMismatch:
  case ErrorKind::SizeMismatch:
  case ErrorKind::AlignmentMismatch:
    return !R.Error.AllocatorMessage;
  default:
    return false;
  }
}

bool hasPosition(const SourceFrame &F) {
  return F.Function.get() && F.File.get() && F.line();
}

void writePosition(Writer &Out, const SourceFrame &F) {
  Out.escaped(F.File.get()) << ':';
  Out.dec(F.line());
  if (F.column())
    (Out << ':').dec(F.column());
}

void writeSource(Writer &Out, const SourceFrame &F) {
  if (!F.Function.get())
    return;
  Out << " in ";
  Out.escaped(F.Function.get());
  if (!hasPosition(F))
    return;
  Out << ' ';
  writePosition(Out, F);
}

bool writeOffset(Writer &Out, uintptr_t Pc) {
  LoadedObject O;
  if (!findObject(Pc, O))
    return false;
  (Out << ' ').escaped(O.Path) << '+';
  Out.hex(Pc - O.Bias);
  return true;
}

void writeModule(Writer &Out, uintptr_t Pc) {
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

void writeRelation(Writer &Out, const Report &R) {
  const Slot &S = *R.Object;
  Out.plural(R.Error.Distance, "byte")
      << (R.Error.Where == Relation::Inside   ? " inside of "
          : R.Error.Where == Relation::Before ? " before "
                                              : " after ");
  Out.dec(S.Size) << "-byte region [";
  Out.hex(S.Address) << ',';
  Out.hex(S.Address + S.Size) << ')';
}

void writeObject(Writer &Out, const Slot &S) {
  Out << "heapfence-#";
  Out.dec(S.Serial);
}

static void writeType(Writer &Out, const ReportType &T) {
  if (!T.Name)
    return;
  Out << ", ";
  if (T.Count)
    Out.dec(T.Count) << " x ";
  Out.escaped(T.Name);
  if (T.Count) {
    Out << ", index ";
    Out.signedDec(T.Index);
  }
}

void writeGuarding(Writer &Out, const Report &R) {
  const Slot &S = *R.Object;
  Out << (isLight(S) ? ", light" : "");
  writeType(Out, typeOf(R));
  if (S.SiteIndex == NoSiteIndex)
    return;
  Out << ", site ";
  Out.dec(S.SiteIndex) << ", ";
  Out.ordinal(S.SiteOrdinal) << " guarded here";
  if (S.Execution && S.Execution != S.SiteOrdinal)
    (Out << ", execution ").dec(S.Execution);
}

void writeChanges(Writer &Out, const Report &R) {
  const Changes &C = R.Changed;
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
    else if (R.ShowsBytes)
      Out.hexBytes(&C.Bytes[I], 1);
    else
      Out << "**";
  }
  Out << '\n';
}

void writeArgument(Writer &Out, const Diagnosis &D) {
  if (D.IsLate)
    Out << ", told by this crash over what was read";
  if (D.Function) {
    Out << " in argument ";
    Out.dec(D.Argument) << " of " << D.Function << "()";
  }
  if (D.TaggedPointer)
    (Out << " (with a tag: ").hex(D.TaggedPointer) << ')';
}

const char *placeOf(const Diagnosis &D) {
  return D.Place ? D.Place : "in pool memory that never belonged to an object";
}

void writeErrorPlace(Writer &Out, const Report &R) {
  const SourceFrame *Top = R.Stack.Where ? &R.Stack.Where->Where : nullptr;
  LoadedObject O;
  uintptr_t Pc = R.Stack.Count ? R.Stack.Pcs[0] : 0;
  if (Top && hasPosition(*Top)) {
    Out << ' ';
    writePosition(Out, *Top);
    Out << " in ";
    Out.escaped(Top->Function.get());
  } else if (Pc && findObject(Pc, O)) {
    Out << " (";
    Out.escaped(O.Path) << '+';
    Out.hex(Pc - O.Bias - (R.Stack.IsFault ? 0 : arch::Frames.CallLength))
        << ')';
  }
}

} // namespace heapfence
