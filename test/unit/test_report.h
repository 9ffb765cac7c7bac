// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reports by hand, and their texts.

#ifndef HEAPFENCE_TEST_REPORT_H
#define HEAPFENCE_TEST_REPORT_H

#include "report.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace heapfence {

/// A return address whose call is printed as `Call`.
inline constexpr uintptr_t returnTo(uintptr_t Call) {
  return Call + arch::Frames.CallLength;
}

/// A call site two inlined calls deep, with all its names.
struct Source {
  static constexpr char File[] = "src/list.c", Header[] = "src/node.h";
  static constexpr char Outer[] = "list_add", Middle[] = "node_new",
                        Inner[] = "xmalloc";

  Site Call = {};
  SourceFrame InlinedAt[2] = {};

  Source() {
    set(Call.Where, Header, Inner, 12, 9);
    set(InlinedAt[0], Header, Middle, 30, 0);
    set(InlinedAt[1], File, Outer, 7, 3);
    refer(Call.Where.InlinedAt, &InlinedAt[0]);
    refer(InlinedAt[0].InlinedAt, &InlinedAt[1]);
  }

  static void set(SourceFrame &F, const char *File, const char *Function,
                  uint32_t Line, uint32_t Column) {
    F = {};
    if (File)
      refer(F.File, File);
    if (Function)
      refer(F.Function, Function);
    F.LineAndColumn = SourceFrame::packLine(Line, Column);
  }
};

/// Static: names and records are within reach of each other.
inline Source TheSource;

/// A report of a read at 0x40002fa3 in a freed object of 100 bytes.
struct TestReport {
  Slot Object = {};
  Report R = {};
  ReportStyle Style = ReportStyle::Default;

  TestReport() {
    Object.Address = 0x40002f90;
    Object.Size = 100;
    Object.Serial = 17;
    Object.SiteIndex = NoSiteIndex;
    setTrace(R.Allocation, 0, {returnTo(0x1100), returnTo(0x1200)});
    setTrace(R.Release, 2, {returnTo(0x1300)});
    R.Object = &Object;
    R.IsFreed = true;
    R.Error = {ErrorKind::UseAfterFree,
               Access::Read,
               0x40002fa3,
               0,
               Relation::Inside,
               19};
    setFault({0x2000, returnTo(0x2100)});
  }

  static void setTrace(Trace &T, uint32_t Thread, std::vector<uintptr_t> Pcs) {
    T.Thread = Thread;
    T.Count = static_cast<uint8_t>(Pcs.size());
    std::copy(Pcs.begin(), Pcs.end(), T.Pcs);
  }
  void setFault(std::vector<uintptr_t> Pcs) {
    R.Stack.Registers = {0x2000, 0x7ff0, 0x7ff8, 0};
    R.Stack.Thread = 5;
    R.Stack.IsFault = true;
    R.Stack.Count = static_cast<unsigned>(Pcs.size());
    std::copy(Pcs.begin(), Pcs.end(), R.Stack.Pcs);
  }
  /// Makes it the report of a refused free.
  void setFree(ErrorKind Kind, Relation Where, size_t Distance) {
    R.Error = {Kind, Access::Unknown, 0x40002f90, 0, Where, Distance};
    R.Stack.IsFault = false;
    R.Stack.Count = 1;
    R.Stack.Pcs[0] = returnTo(0x2200);
  }

  std::string text(int Pid = 42) const {
    BufferedWriter<8192> Out;
    writeReport(Out, R, Style, Pid);
    EXPECT_FALSE(Out.isTruncated());
    return Out.text();
  }
  std::string summary() const {
    BufferedWriter<1024> Out;
    writeSummary(Out, R, Style);
    EXPECT_FALSE(Out.isTruncated());
    return Out.text();
  }
};

} // namespace heapfence

#endif // HEAPFENCE_TEST_REPORT_H
