// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sites as a user names them: by the number that a report gives, or by their
// place in the source.
// Called from: start-up, module constructors.

#ifndef HEAPFENCE_SITE_CHOICE_H
#define HEAPFENCE_SITE_CHOICE_H

#include "heapfence/abi.h"

namespace heapfence {

inline constexpr size_t MaxSiteFile = 512; ///< Bytes, terminator included.

struct SiteChoice {
  bool IsSet = false;
  uint32_t Index = 0;          ///< The site's number, if `File` is empty.
  uint32_t Execution = 0;      ///< Only this one of it, from 1; 0: all.
  char File[MaxSiteFile] = ""; ///< Else: see `matchesPath`,
  uint32_t Line = 0;           ///< and a line in it,
  uint32_t Column = 0;         ///< and a column there; 0: any.

  /// True if the site numbered `Number` is one of those that are meant: with a
  /// place, those that have it, or were inlined there.
  bool means(const Site &S, uint32_t Number) const;
};

/// Parses `Size` bytes: NUMBER, NUMBER:EXECUTION, FILE:LINE or
/// FILE:LINE:COLUMN. Returns: false if they are none of that; then `Result` is
/// as it was.
bool parseSiteChoice(const char *Text, size_t Size, SiteChoice &Result);

} // namespace heapfence

#endif // HEAPFENCE_SITE_CHOICE_H
