// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's callback for reports. All that is here belongs to the holder of
// the report's turn.

#include "report_callback.h"
#include "description.h"
#include "entry.h"
#include "reporter.h"

namespace heapfence {

namespace {

heapfence_report_callback Callback;
void *User;

heapfence_description Object;
uintptr_t Pcs[MaxReportFrames];

const heapfence_description *describe(const Report &R) {
  if (!R.Object)
    return nullptr;
  Object = {};
  Object.size = sizeof(Object);
  Object.version = HEAPFENCE_API_VERSION;
  fillDescription(Object,
                  {R.Object, R.IsFreed, R.FreedAt, R.Allocation, R.Release},
                  R.Error);
  return &Object;
}

} // namespace

void callBack(const Report &R, Writer &Text) {
  if (!Callback)
    return;
  heapfence_report Out = {};
  Out.version = HEAPFENCE_API_VERSION;
  Out.size = sizeof(Out);
  Out.kind = uint32_t(R.Error.Kind);
  Out.access = uint32_t(R.Error.How);
  Out.kind_name = nameOf(R.Error.Kind);
  Out.address = R.Error.Address;
  Out.object = describe(R);
  Out.thread = R.Stack.Thread;
  Out.pcs = Pcs;
  Out.pc_count = copyFrames(Pcs, MaxReportFrames, R.Stack.Pcs, R.Stack.Count,
                            R.Stack.IsFault);
  Out.call = publicSite(R.Stack.Where);
  Out.function = R.Error.Function;
  Out.argument = R.Error.Argument;
  Out.text = Text.text();
  Out.text_size = Text.size();
  Callback(&Out, User);
}

} // namespace heapfence

using namespace heapfence;

HF_ENTRY int heapfence_set_report_callback(heapfence_report_callback New,
                                           void *NewUser) {
  ReportTurn Turn;
  if (!Turn.isThreads())
    return 0;
  Callback = New;
  User = NewUser;
  return 1;
}
