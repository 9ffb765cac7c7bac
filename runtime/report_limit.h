// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How many reports there may be, in all and in a minute. Pure.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_LIMIT_H
#define HEAPFENCE_REPORT_LIMIT_H

#include <stdint.h>

namespace heapfence {

/// 0: no limit.
struct ReportQuota {
  uint64_t InAll, PerMinute;
};

/// Which of them a report exceeds.
enum class ReportExcess : uint8_t { None, InAll, PerMinute };

/// What becomes of a report.
struct LimitVerdict {
  ReportExcess Why; ///< None: it is made.
  /// If it is dropped: the first one for this reason since one was made.
  bool IsFirst;
  /// If it is made: how many were dropped since the last one.
  uint64_t Dropped;
};

/// Thread-safety: the callers see to it that there is one at a time.
/// Signal-safety: safe.
class ReportLimit {
public:
  /// Judges a report at `NowNs`. A minute begins with the first report that is
  /// in none.
  LimitVerdict judge(ReportQuota Quota, uint64_t NowNs);

private:
  ReportExcess excess(ReportQuota Quota) const;

  uint64_t Made = 0, MadeInMinute = 0;
  uint64_t MinuteNs = 0; ///< When the minute began; if there is one.
  uint64_t Dropped = 0;  ///< Since one was made,
  ReportExcess Why = ReportExcess::None; ///< the last of them for this reason.
};

} // namespace heapfence

#endif // HEAPFENCE_REPORT_LIMIT_H
