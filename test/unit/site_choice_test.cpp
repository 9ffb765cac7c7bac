// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, guard_only means other sites than the user named. (What it
// accepts is tested with the other options.)

#include "site_choice.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace heapfence;

namespace {

/// A call at src/node.h:12:9, inlined at /me/src/list.c:7:3.
struct Source {
  Site Call = {};
  SourceFrame Outer = {};

  Source() {
    refer(Call.Where.File, "src/node.h");
    Call.Where.LineAndColumn = SourceFrame::packLine(12, 9);
    refer(Outer.File, "/me/src/list.c");
    Outer.LineAndColumn = SourceFrame::packLine(7, 3);
    refer(Call.Where.InlinedAt, &Outer);
  }
};
Source TheSource; // Within reach of its names.
Site Nowhere = {};

bool means(const char *Text, uint32_t Number, const Site &S = TheSource.Call) {
  SiteChoice C;
  EXPECT_TRUE(parseSiteChoice(Text, strlen(Text), C)) << Text;
  return C.means(S, Number);
}

TEST(SiteChoice, NothingIsMeantUnlessItIsSet) {
  EXPECT_FALSE(SiteChoice().means(TheSource.Call, 0));
}

TEST(SiteChoice, ByNumber) {
  EXPECT_TRUE(means("0", 0));
  EXPECT_TRUE(means("12:3", 12));
  EXPECT_TRUE(means("12", 12, Nowhere));
  EXPECT_FALSE(means("12:3", 3));
  EXPECT_FALSE(means("12", 7));
}

TEST(SiteChoice, ByPlaceWhateverTheNumber) {
  for (const char *Text :
       {"node.h:12", "src/node.h:12:9", "list.c:7", "src/list.c:7:3",
        "/me/src/list.c:7", "*.c:7", "src/*:12"})
    EXPECT_TRUE(means(Text, 5)) << Text;
  for (const char *Text : {"node.h:7", "list.c:12", "node.h:12:3", "list.c:7:9",
                           "ode.h:12", "list:7", "node.h:9", "node.h:1"})
    EXPECT_FALSE(means(Text, 12)) << Text;
}

TEST(SiteChoice, APlaceThatIsNotKnown) {
  EXPECT_FALSE(means("*:1", 0, Nowhere));
}

} // namespace
