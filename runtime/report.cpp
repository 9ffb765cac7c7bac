// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The styles of reports.

#include "report_styles.h"

namespace heapfence {

void writeReport(Writer &Out, const Report &R, ReportStyle Style, int Pid) {
  switch (Style) {
  case ReportStyle::Default:
    return writeDefaultReport(Out, R, Pid);
  case ReportStyle::Asan:
    return writeAsanReport(Out, R, Pid);
  case ReportStyle::Kfence:
    return writeKfenceReport(Out, R, Pid);
  case ReportStyle::Markup:
    return writeMarkupReport(Out, R, Pid);
  }
}

void writeSummary(Writer &Out, const Report &R, ReportStyle Style) {
  switch (Style) {
  case ReportStyle::Default:
    return writeDefaultSummary(Out, R);
  case ReportStyle::Asan:
    return writeAsanSummary(Out, R);
  case ReportStyle::Kfence:
    return writeKfenceSummary(Out, R);
  case ReportStyle::Markup:
    return writeMarkupSummary(Out, R);
  }
}

} // namespace heapfence
