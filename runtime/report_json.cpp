// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report as JSON.

#include "report_json.h"
#include "heap_function.h"
#include "layout.h"
#include "modules.h"
#include "report_frames.h"
#include "report_parts.h"
#include "report_type.h"

namespace heapfence {

namespace {

const char *nameOf(Access How) {
  switch (How) {
  case Access::Read:
    return "read";
  case Access::Write:
    return "write";
  case Access::Execute:
    return "execute";
  case Access::Unknown:
    break;
  }
  return nullptr;
}

const char *nameOf(Relation Where) {
  return Where == Relation::Inside   ? "inside"
         : Where == Relation::Before ? "before"
                                     : "after";
}

const char *nameOf(UnwindMethod Method) {
  switch (Method) {
  case UnwindMethod::None:
    return "none";
  case UnwindMethod::FramePointer:
    return "frame_pointer";
  case UnwindMethod::Cfi:
    break;
  }
  return "cfi";
}

class JsonWriter {
public:
  JsonWriter(Writer &Out, const Report &R, unsigned MaxFrames)
      : Out(Out), R(R), MaxFrames(MaxFrames) {}

  void line(int Pid, uint64_t TimeMs) {
    open('{');
    text("schema", "heapfence-report/1");
    number("time_ms", TimeMs);
    number("pid", uint64_t(Pid));
    number("thread", R.Stack.Thread);
    text("kind", heapfence::nameOf(R.Error.Kind));
    text("access", nameOf(R.Error.How));
    if (R.Error.AllocatorMessage)
      null("address");
    else
      address("address", R.Error.Address);
    if (R.Error.TaggedPointer)
      address("tagged_pointer", R.Error.TaggedPointer);
    else
      null("tagged_pointer");
    text("place", R.Error.Place);
    registers();
    call();
    deallocation();
    text("allocator_message", R.Error.AllocatorMessage);
    flag("late", R.Error.IsLate);
    object();
    changed();
    stacks();
    flag("frames_left_out", IsShortened);
    close('}');
    Out << '\n';
  }

private:
  // Members of an object, and elements of an array.

  void open(char Bracket) {
    Out << Bracket;
    IsFirst = true;
  }
  void close(char Bracket) {
    Out << Bracket;
    IsFirst = false;
  }
  void comma() {
    if (!IsFirst)
      Out << ',';
    IsFirst = false;
  }
  void key(const char *Name) {
    comma();
    Out << '"' << Name << "\":";
  }
  void null(const char *Name) {
    key(Name);
    Out << "null";
  }
  void number(const char *Name, uint64_t Value) {
    key(Name);
    Out.dec(Value);
  }
  void flag(const char *Name, bool Is) {
    key(Name);
    Out << (Is ? "true" : "false");
  }
  void text(const char *Name, const char *Value) {
    if (!Value)
      return null(Name);
    key(Name);
    Out.json(Value);
  }
  /// Larger than what JSON readers keep exactly as a number.
  void address(const char *Name, uintptr_t Value) {
    key(Name);
    (Out << '"').hex(Value) << '"';
  }

  void registers() {
    const FrameRegisters &At = R.Stack.Registers;
    address("pc", R.Stack.Count ? R.Stack.Pcs[0] : At.Pc);
    address("sp", At.Sp);
    address("fp", At.Fp);
  }

  /// The function that was handed a bad buffer.
  void call() {
    if (!R.Error.Function)
      return null("call");
    key("call");
    open('{');
    text("function", R.Error.Function);
    number("argument", R.Error.Argument);
    close('}');
  }

  void deallocation() {
    if (!isOfDeallocation(R))
      return null("deallocation");
    const Deallocation &By = R.Error.By;
    key("deallocation");
    open('{');
    text("function", heapfence::nameOf(By.Callee));
    if (By.Size == Deallocation::NotTold)
      null("size");
    else
      number("size", By.Size);
    alignment(By.Alignment);
    close('}');
  }

  void alignment(size_t Bytes) {
    if (Bytes)
      number("alignment", Bytes);
    else
      null("alignment");
  }

  void object() {
    if (!R.Object)
      return null("object");
    const Slot &S = *R.Object;
    key("object");
    open('{');
    address("address", S.Address);
    number("size", S.Size);
    alignment(alignmentOf(S));
    text("allocated_by", heapfence::nameOf(S.Callee));
    flag("freed", R.IsFreed);
    flag("light", isLight(S));
    number("serial", S.Serial);
    bool HasSite = S.SiteIndex != NoSiteIndex;
    HasSite ? number("site", S.SiteIndex) : null("site");
    HasSite ? number("ordinal", S.SiteOrdinal) : null("ordinal");
    HasSite &&S.Execution ? number("execution", S.Execution)
                          : null("execution");
    type(typeOf(R));
    text("relation", nameOf(R.Error.Where));
    number("distance", R.Error.Distance);
    close('}');
  }

  void type(const ReportType &T) {
    if (!T.Name)
      return null("type");
    key("type");
    open('{');
    text("name", T.Name);
    T.ElementSize ? number("size", T.ElementSize) : null("size");
    T.Count ? number("count", T.Count) : null("count");
    if (T.Count) {
      key("index");
      Out.signedDec(T.Index);
    } else {
      null("index");
    }
    close('}');
  }

  void changed() {
    const Changes &C = R.Changed;
    if (!C.Total)
      return null("changed");
    key("changed");
    open('{');
    number("total", C.Total);
    key("bytes");
    open('[');
    for (unsigned I = 0; I != C.Count; ++I)
      if (C.Changed & uint64_t(1) << I)
        changedByte(C.Begin + I, C.Bytes[I]);
    close(']');
    close('}');
  }

  void changedByte(uintptr_t Address, uint8_t Value) {
    comma();
    open('{');
    address("address", Address);
    if (R.ShowsBytes)
      number("value", Value);
    else
      null("value");
    close('}');
  }

  void stacks() {
    key("stacks");
    open('{');
    key("error");
    open('{');
    number("thread", R.Stack.Thread);
    text("method", nameOf(UnwindMethod::Cfi));
    frames(ReportStack(R.Stack));
    close('}');
    trace("free", R.Release, R.FreedAt, R.Object && R.IsFreed);
    trace("allocation", R.Allocation, R.Allocation.Where, R.Object != nullptr);
    close('}');
  }

  void trace(const char *Name, const Trace &T, const Site *Where,
             bool IsThere) {
    if (!IsThere)
      return null(Name);
    key(Name);
    open('{');
    number("thread", T.Thread);
    text("method", nameOf(T.Method));
    frames({T, Where});
    close('}');
  }

  void frames(const ReportStack &Stack) {
    key("frames");
    open('[');
    unsigned Written = 0;
    forEachFrame(R, Stack, [&](ReportFrame F) {
      if (Written++ < MaxFrames)
        frame(F);
      else
        IsShortened = true;
    });
    close(']');
  }

  void frame(ReportFrame F) {
    comma();
    open('{');
    address("pc", F.Pc);
    LoadedObject O;
    if (findObject(F.Pc, O)) {
      text("module", O.Path);
      address("offset", F.Pc - O.Bias);
      key("build_id");
      (Out << '"').hexBytes(O.BuildId, O.BuildIdSize) << '"';
    }
    if (F.Source)
      source(*F.Source);
    close('}');
  }

  void source(const SourceFrame &F) {
    text("function", F.Function.get());
    text("file", F.File.get());
    number("line", F.line());
    number("column", F.column());
    flag("inlined", F.InlinedAt.get() != nullptr);
  }

  Writer &Out;
  const Report &R;
  const unsigned MaxFrames;
  bool IsFirst = true, IsShortened = false;
};

} // namespace

void writeReportJson(Writer &Out, const Report &R, int Pid, uint64_t TimeMs) {
  constexpr unsigned Attempts[] = {~0u, 32, 16, 8, 4, 1, 0};
  for (unsigned MaxFrames : Attempts) {
    Out.clear();
    JsonWriter(Out, R, MaxFrames).line(Pid, TimeMs);
    if (!Out.isTruncated())
      return;
  }
}

} // namespace heapfence
