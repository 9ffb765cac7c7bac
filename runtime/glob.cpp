// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Patterns for names and paths.

#include "glob.h"

namespace heapfence {

bool matchesGlob(const char *Pattern, const char *Text) {
  // Where to try again: behind the last star, one character later each time.
  // An earlier star needs no other try: it took as little as it could.
  const char *AfterStar = nullptr, *Retry = nullptr;
  while (*Text) {
    if (*Pattern == '*') {
      AfterStar = ++Pattern;
      Retry = Text;
    } else if (*Pattern == *Text) {
      ++Pattern, ++Text;
    } else if (AfterStar) {
      Pattern = AfterStar;
      Text = ++Retry;
    } else {
      return false;
    }
  }
  while (*Pattern == '*')
    ++Pattern;
  return !*Pattern;
}

bool matchesPath(const char *Pattern, const char *Path) {
  if (matchesGlob(Pattern, Path))
    return true;
  for (; *Path; ++Path)
    if (*Path == '/' && matchesGlob(Pattern, Path + 1))
      return true;
  return false;
}

} // namespace heapfence
