// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a log is flooded in spite of a limit, or reports disappear
// that no limit asks for, or without a word.

#include "report_limit.h"

#include <gtest/gtest.h>

#include <string>

using namespace heapfence;

namespace {

constexpr uint64_t Second = 1'000'000'000;

class ReportLimitTest : public testing::Test {
protected:
  /// One letter for each report at `NowNs`: '.' made, 'D' the first dropped,
  /// 'd' dropped.
  std::string ask(ReportQuota Quota, uint64_t NowNs, unsigned Times = 1) {
    std::string Result;
    while (Times--) {
      Last = Limit.judge(Quota, NowNs);
      Result += Last.Why == ReportExcess::None ? '.' : Last.IsFirst ? 'D' : 'd';
    }
    return Result;
  }

  ReportLimit Limit;
  LimitVerdict Last;
};

TEST_F(ReportLimitTest, NoLimit) {
  EXPECT_EQ(ask({0, 0}, 0, 500), std::string(500, '.'));
  EXPECT_EQ(Last.Dropped, 0u);
}

TEST_F(ReportLimitTest, InAll) {
  EXPECT_EQ(ask({3, 0}, 0, 6), "...Ddd");
  EXPECT_EQ(Last.Why, ReportExcess::InAll);
  EXPECT_EQ(ask({3, 0}, 10000 * Second, 2), "dd");
}

TEST_F(ReportLimitTest, PerMinute) {
  EXPECT_EQ(ask({0, 2}, 5 * Second, 3), "..D");
  EXPECT_EQ(Last.Why, ReportExcess::PerMinute);
  EXPECT_EQ(ask({0, 2}, 64 * Second, 2), "dd");
  EXPECT_EQ(ask({0, 2}, 65 * Second), ".");
  EXPECT_EQ(Last.Dropped, 3u);
  EXPECT_EQ(ask({0, 2}, 65 * Second, 3), ".Dd");
}

TEST_F(ReportLimitTest, AMinuteBeginsWithAReport) {
  EXPECT_EQ(ask({0, 1}, 50 * Second, 2), ".D");
  EXPECT_EQ(ask({0, 1}, 109 * Second), "d");
  EXPECT_EQ(ask({0, 1}, 300 * Second, 2), ".D");
  EXPECT_EQ(ask({0, 1}, 359 * Second), "d");
  EXPECT_EQ(ask({0, 1}, 360 * Second), ".");
}

TEST_F(ReportLimitTest, TheDroppedAreToldOnce) {
  EXPECT_EQ(ask({0, 1}, 0, 4), ".Ddd");
  EXPECT_EQ(ask({0, 1}, 60 * Second), ".");
  EXPECT_EQ(Last.Dropped, 3u);
  EXPECT_EQ(ask({0, 1}, 120 * Second), ".");
  EXPECT_EQ(Last.Dropped, 0u);
}

TEST_F(ReportLimitTest, BothLimitsAreToldWhenTheyBegin) {
  EXPECT_EQ(ask({3, 2}, 0, 4), "..Dd");
  EXPECT_EQ(ask({3, 2}, 60 * Second, 3), ".Dd");
  EXPECT_EQ(Last.Why, ReportExcess::InAll);
}

} // namespace
