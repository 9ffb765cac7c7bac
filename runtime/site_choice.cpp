// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sites as a user names them.

#include "site_choice.h"
#include "glob.h"

#include <string.h>

namespace heapfence {

bool SiteChoice::means(const Site &S, uint32_t Number) const {
  if (!IsSet || !*File)
    return IsSet && Number == Index;
  for (const SourceFrame *F = &S.Where; F; F = F->InlinedAt.get())
    if (F->File.get() && F->line() == Line &&
        (!Column || F->column() == Column) && matchesPath(File, F->File.get()))
      return true;
  return false;
}

/// All of [Begin, End) as a decimal number of 32 bits.
static bool parseDecimal(const char *Begin, const char *End, uint32_t &Result) {
  uint32_t Value = 0;
  for (const char *P = Begin; P != End; ++P)
    if (*P < '0' || *P > '9' || __builtin_mul_overflow(Value, 10u, &Value) ||
        __builtin_add_overflow(Value, uint32_t(*P - '0'), &Value))
      return false;
  Result = Value;
  return Begin != End;
}

/// Takes ":NUMBER" off the end. Returns: false if it does not end so.
static bool takeNumber(const char *Begin, const char *&End, uint32_t &Result) {
  const char *Colon = End;
  while (Colon != Begin && *--Colon != ':') {
  }
  if (Colon == Begin || !parseDecimal(Colon + 1, End, Result))
    return false;
  End = Colon;
  return true;
}

bool parseSiteChoice(const char *Text, size_t Size, SiteChoice &Result) {
  const char *End = Text + Size;
  SiteChoice R;
  R.IsSet = true;
  uint32_t Last = 0, First = 0;
  bool HasLast = takeNumber(Text, End, Last);
  if (parseDecimal(Text, End, R.Index)) {
    R.Execution = Last;
    if (HasLast && !Last)
      return false;
    Result = R;
    return true;
  }
  if (!HasLast)
    return false;
  bool HasColumn = takeNumber(Text, End, First);
  R.Line = HasColumn ? First : Last;
  R.Column = HasColumn ? Last : 0;
  size_t Length = size_t(End - Text);
  if (Length >= MaxSiteFile || !R.Line)
    return false;
  memcpy(R.File, Text, Length);
  R.File[Length] = 0;
  Result = R;
  return true;
}

} // namespace heapfence
