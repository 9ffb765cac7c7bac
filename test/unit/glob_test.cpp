// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a rule suppresses what it does not name, or not what it names.

#include "glob.h"

#include <gtest/gtest.h>

#include <string>

using namespace heapfence;

namespace {

TEST(Glob, WithoutStarsItIsTheTextItself) {
  EXPECT_TRUE(matchesGlob("", ""));
  EXPECT_TRUE(matchesGlob("free", "free"));
  EXPECT_FALSE(matchesGlob("free", "fre"));
  EXPECT_FALSE(matchesGlob("free", "freed"));
  EXPECT_FALSE(matchesGlob("free", "xfree"));
  EXPECT_FALSE(matchesGlob("", "x"));
  EXPECT_FALSE(matchesGlob("x", ""));
}

TEST(Glob, AStarIsAnyText) {
  for (const char *Pattern :
       {"*", "**", "free*", "*free", "f*e", "f*r*e*e", "*r*", "***free***"})
    EXPECT_TRUE(matchesGlob(Pattern, "free")) << Pattern;
  for (const char *Pattern : {"*x", "x*", "f*x", "free*e", "*f*f*", "e*f"})
    EXPECT_FALSE(matchesGlob(Pattern, "free")) << Pattern;
  EXPECT_TRUE(matchesGlob("*", ""));
  EXPECT_FALSE(matchesGlob("*x", ""));
}

TEST(Glob, TriesAgainBehindAStar) {
  EXPECT_TRUE(matchesGlob("*ab", "aab"));
  EXPECT_TRUE(matchesGlob("a*abc", "aababc"));
  EXPECT_TRUE(matchesGlob("*aab*b", "aaabaabcb"));
  EXPECT_FALSE(matchesGlob("a*abc*d", "aababcabc"));
}

TEST(Glob, TakesNoExponentialTime) {
  std::string Text(2000, 'a'), Pattern;
  for (int I = 0; I != 100; ++I)
    Pattern += "a*";
  EXPECT_FALSE(matchesGlob((Pattern + "b").c_str(), Text.c_str()));
}

TEST(Glob, APathMayBeginBehindAnySlash) {
  const char *Path = "/home/me/src/list.c";
  for (const char *Pattern :
       {"list.c", "src/list.c", "me/src/list.c", "/home/me/src/list.c",
        "src/*.c", "*.c", "/home/*", "me/*", "*/src/*"})
    EXPECT_TRUE(matchesPath(Pattern, Path)) << Pattern;
  for (const char *Pattern : {"ist.c", "rc/list.c", "/src/list.c", "list",
                              "src", "src/", "/home", "e/*"})
    EXPECT_FALSE(matchesPath(Pattern, Path)) << Pattern;
}

} // namespace
