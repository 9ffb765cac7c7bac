// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which reports are not made.

#include "report_filter.h"
#include "clock.h"
#include "counters.h"
#include "report_limit.h"
#include "reporter.h"
#include "runtime.h"
#include "suppressions.h"

namespace heapfence {

namespace {

constinit Suppressions Unwanted;
constinit ReportLimit Limit;

void sayDropping(ReportExcess Why) {
  BufferedWriter<128> Out;
  if (Why == ReportExcess::InAll) {
    Out << "no more reports: max_reports=";
    Out.dec(TheOptions.max_reports);
  } else {
    Out << "no more reports for up to a minute: reports_per_minute=";
    Out.dec(TheOptions.reports_per_minute);
  }
  sayLine(Out.text());
}

void sayDropped(uint64_t Count) {
  BufferedWriter<64> Out;
  Out.plural(Count, "report") << " dropped until here";
  sayLine(Out.text());
}

bool isWithinLimit() {
  LimitVerdict V =
      Limit.judge({TheOptions.max_reports, TheOptions.reports_per_minute},
                  clockNs(CLOCK_MONOTONIC));
  if (V.IsFirst)
    sayDropping(V.Why);
  if (V.Dropped)
    sayDropped(V.Dropped);
  if (V.Why != ReportExcess::None)
    count(Counter::ReportsDropped);
  return V.Why == ReportExcess::None;
}

} // namespace

void readSuppressions() {
  if (*TheOptions.suppressions)
    Unwanted.read(TheOptions.suppressions, sayLine);
}

bool isWanted(const Report &R) {
  if (R.Error.How == Access::Execute)
    return true;
  if (!Unwanted.cover(R))
    return isWithinLimit();
  count(Counter::ReportsSuppressed);
  return false;
}

void sayUnusedSuppressions() {
  Unwanted.sayUnused(TheOptions.suppressions, sayLine);
}

} // namespace heapfence
