// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a report's JSON form is cut, or no JSON. What is in it is held
// against its schema in test/e2e/report/json.c.

#include "report_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace heapfence;

namespace {

Report fullReport() {
  static Slot Object = {};
  Object.Address = 0x1000;
  Object.Size = 8;
  Object.SiteIndex = NoSiteIndex;
  Report R = {};
  R.Object = &Object;
  R.IsFreed = true;
  R.Error = {ErrorKind::UseAfterFree, Access::Read, 0x1001, 0};
  R.Stack.Count = MaxReportFrames;
  R.Allocation.Count = R.Release.Count = MaxTraceFrames;
  for (unsigned I = 0; I != MaxReportFrames; ++I)
    R.Stack.Pcs[I] = 0x10 + I;
  return R;
}

std::string lineOf(const Report &R, size_t Room) {
  std::vector<char> Buffer(Room);
  Writer Out(Buffer.data(), Buffer.size());
  writeReportJson(Out, R, 4711, 12);
  return std::string(Out.data(), Out.size());
}

size_t frameCount(const std::string &Line) {
  size_t Count = 0;
  for (size_t At = 0; (At = Line.find("{\"pc\":", At)) != std::string::npos;
       ++At)
    ++Count;
  return Count;
}

bool isWhole(const std::string &Line) {
  return std::count(Line.begin(), Line.end(), '{') ==
             std::count(Line.begin(), Line.end(), '}') &&
         Line.size() > 2 && Line.substr(Line.size() - 2) == "}\n";
}

TEST(ReportJson, AllFrames) {
  const std::string Line = lineOf(fullReport(), 1 << 16);
  EXPECT_TRUE(isWhole(Line));
  EXPECT_EQ(frameCount(Line), MaxReportFrames + 2 * MaxTraceFrames);
  EXPECT_NE(Line.find("\"frames_left_out\":false}"), std::string::npos);
  EXPECT_EQ(std::count(Line.begin(), Line.end(), '\n'), 1);
}

TEST(ReportJson, FewerFramesWhereThereIsLittleRoom) {
  const Report R = fullReport();
  size_t Last = ~size_t(0);
  for (size_t Room : {2000, 1500, 1200, 1000}) {
    const std::string Line = lineOf(R, Room);
    EXPECT_TRUE(isWhole(Line)) << Room;
    EXPECT_LE(frameCount(Line), Last) << Room;
    EXPECT_NE(Line.find("\"frames_left_out\":true}"), std::string::npos);
    Last = frameCount(Line);
  }
}

TEST(ReportJson, NamesThatAreNoText) {
  Report R = fullReport();
  R.Error.Function = "a\"b\\c\n\x01\xff";
  R.Error.Argument = 2;
  EXPECT_NE(lineOf(R, 1 << 16)
                .find(R"("call":{"function":"a\"b\\c\u000a\u0001\u00ff")"),
            std::string::npos)
      << lineOf(R, 1 << 16);
}

TEST(ReportJson, TheTagOfAPointer) {
  Report R = fullReport();
  EXPECT_NE(lineOf(R, 1 << 16).find("\"tagged_pointer\":null"),
            std::string::npos);
  R.Error.TaggedPointer = 0x2a00000040002f90;
  EXPECT_NE(
      lineOf(R, 1 << 16).find("\"tagged_pointer\":\"0x2a00000040002f90\""),
      std::string::npos);
}

TEST(ReportJson, WhatTheAllocatorFound) {
  Report R = {};
  R.Error.Kind = ErrorKind::DoubleFree;
  R.Error.AllocatorMessage = "free(): double free";
  const std::string Line = lineOf(R, 1 << 16);
  EXPECT_NE(Line.find("\"address\":null"), std::string::npos);
  EXPECT_NE(Line.find("\"late\":false"), std::string::npos);
  EXPECT_NE(Line.find("\"allocator_message\":\"free(): double free\""),
            std::string::npos);
  EXPECT_NE(Line.find("\"object\":null"), std::string::npos);
  EXPECT_NE(Line.find("\"free\":null,\"allocation\":null"), std::string::npos);
  EXPECT_TRUE(isWhole(Line));
}

} // namespace
