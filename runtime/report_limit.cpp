// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How many reports there may be.

#include "report_limit.h"

namespace heapfence {

ReportExcess ReportLimit::excess(ReportQuota Quota) const {
  if (Quota.InAll && Made >= Quota.InAll)
    return ReportExcess::InAll;
  if (Quota.PerMinute && MadeInMinute >= Quota.PerMinute)
    return ReportExcess::PerMinute;
  return ReportExcess::None;
}

LimitVerdict ReportLimit::judge(ReportQuota Quota, uint64_t NowNs) {
  constexpr uint64_t Minute = 60'000'000'000;
  if (!MadeInMinute || NowNs - MinuteNs >= Minute)
    MinuteNs = NowNs, MadeInMinute = 0;
  ReportExcess Before = Why;
  Why = excess(Quota);
  if (Why != ReportExcess::None) {
    ++Dropped;
    return {Why, Why != Before, 0};
  }
  uint64_t DroppedBefore = Dropped;
  Dropped = 0;
  ++Made, ++MadeInMinute;
  return {Why, false, DroppedBefore};
}

} // namespace heapfence
