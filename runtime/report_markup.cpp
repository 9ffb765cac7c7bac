// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report in LLVM's symbolizer markup (SymbolizerMarkupFormat in LLVM's
// documentation): names come from whoever has the files of those build ids.
//
//   {{{reset}}}                                      first, the modules that
//   {{{module:0:/src/app:elf:6b4ce7c9}}}             the stacks are in, and of
//   {{{mmap:0x...:0x1000:load:0:rx:0x...1000}}}      each what is needed
//   ==42==ERROR: HeapFence: ...                      the default text, with
//       {{{bt:0:0x...:pc}}}                          stacks in markup

#include "modules.h"
#include "report_parts.h"
#include "report_styles.h"

#include <sys/mman.h>

namespace heapfence {

namespace {

/// An address with an even number of digits, as the format wants it.
void writeAddress(Writer &Out, uintptr_t Address) {
  uint8_t Bytes[sizeof(Address)];
  for (unsigned I = 0; I != sizeof(Bytes); ++I)
    Bytes[I] = uint8_t(Address >> 8 * (sizeof(Bytes) - 1 - I));
  Out << "0x";
  Out.hexBytes(Bytes, sizeof(Bytes));
}

/// A name without what ends a field or an element.
void writeField(Writer &Out, const char *Name) {
  for (; *Name; ++Name) {
    const char Piece[] = {*Name, 0};
    if (*Name == ':' || *Name == '}')
      Out << '_';
    else
      Out.escaped(Piece);
  }
}

/// True if a reader of markup can find names for `Pc`.
bool canBeNamed(uintptr_t Pc, LoadedObject &O) {
  return findObject(Pc, O) && O.BuildIdSize && O.Holder.End;
}

/// A segment that was written, and the number of its module.
struct KnownSegment {
  const char *Path;
  uintptr_t Bias, Begin;
  unsigned Module;
};

/// Too large for a signal's stack.
KnownSegment Known[MaxReportFrames + 2 * MaxTraceFrames];

/// Writes the modules and segments of a report's stacks, each once.
class ContextWriter {
public:
  explicit ContextWriter(Writer &Out) : Out(Out) {}

  void stack(const Report &R, const ReportStack &Stack) {
    forEachPc(R, Stack, [&](uintptr_t Pc, bool, const Site *) { address(Pc); });
  }

private:
  void address(uintptr_t Pc) {
    LoadedObject O;
    if (!canBeNamed(Pc, O))
      return;
    unsigned Module = Count;
    for (unsigned I = 0; I != Count; ++I) {
      if (Known[I].Path != O.Path || Known[I].Bias != O.Bias)
        continue;
      if (Known[I].Begin == O.Holder.Begin)
        return;
      Module = Known[I].Module;
    }
    if (Module == Count)
      module(Module, O);
    segment(Module, O);
    Known[Count++] = {O.Path, O.Bias, O.Holder.Begin, Module};
  }

  void module(unsigned Number, const LoadedObject &O) {
    Out << "{{{module:";
    Out.dec(Number) << ':';
    writeField(Out, O.Path);
    Out << ":elf:";
    Out.hexBytes(O.BuildId, O.BuildIdSize) << "}}}\n";
  }

  void segment(unsigned Module, const LoadedObject &O) {
    const LoadedSegment &S = O.Holder;
    Out << "{{{mmap:";
    writeAddress(Out, S.Begin);
    (Out << ':').hex(S.End - S.Begin) << ":load:";
    Out.dec(Module) << ':' << (S.Protection & PROT_READ ? "r" : "")
                    << (S.Protection & PROT_WRITE ? "w" : "")
                    << (S.Protection & PROT_EXEC ? "x" : "") << ':';
    writeAddress(Out, S.Begin - O.Bias);
    Out << "}}}\n";
  }

  Writer &Out;
  unsigned Count = 0; ///< Of `Known`.
};

/// What cannot be named is written as in other reports.
void printStack(Writer &Out, const Report &R, const ReportStack &Stack) {
  unsigned Number = 0;
  forEachPc(R, Stack, [&](uintptr_t Pc, bool IsExact, const Site *) {
    LoadedObject O;
    bool HasName = canBeNamed(Pc, O);
    Out << (HasName ? "    {{{bt:" : "    #");
    Out.dec(Number++);
    if (HasName) {
      Out << ':';
      writeAddress(Out, Pc);
      Out << (IsExact ? ":pc}}}\n" : ":ra}}}\n");
      return;
    }
    Pc -= IsExact ? 0 : arch::Frames.CallLength;
    (Out << ' ').hex(Pc);
    writeModule(Out, Pc);
    Out << '\n';
  });
}

} // namespace

void writeMarkupReport(Writer &Out, const Report &R, int Pid) {
  Out << "{{{reset}}}\n";
  ContextWriter Context(Out);
  Context.stack(R, ReportStack(R.Stack));
  if (R.Object && R.IsFreed)
    Context.stack(R, {R.Release, R.FreedAt});
  if (R.Object)
    Context.stack(R, {R.Allocation, R.Allocation.Where});
  writeTextReport(Out, R, Pid, printStack);
}

void writeMarkupSummary(Writer &Out, const Report &R) {
  LoadedObject O;
  uintptr_t Pc = R.Stack.Count ? R.Stack.Pcs[0] : 0;
  if (!canBeNamed(Pc, O))
    return writeDefaultSummary(Out, R);
  Out << "SUMMARY: HeapFence: " << nameOf(R.Error.Kind) << " {{{pc:";
  writeAddress(Out, Pc);
  Out << (R.Stack.IsFault ? ":pc}}}\n" : ":ra}}}\n");
}

} // namespace heapfence
