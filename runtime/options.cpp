// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses and describes HEAPFENCE_OPTIONS.

#include "options.h"

#include <string.h>

namespace heapfence {

namespace {

/// A part of the option text; not terminated.
struct Piece {
  const char *Begin;
  size_t Size;

  bool is(const char *Text) const {
    return strlen(Text) == Size && memcmp(Begin, Text, Size) == 0;
  }
};

bool isSeparator(char C) {
  return C == ':' || C == ',' || C == ' ' || C == '\t' || C == '\n' ||
         C == '\r';
}

/// Decimal or 0x-hexadecimal, the whole of it, within [Min, Max].
bool parseNumber(Piece Text, uint64_t Min, uint64_t Max, uint64_t &Result) {
  unsigned Base = 10;
  if (Text.Size > 2 && Text.Begin[0] == '0' && Text.Begin[1] == 'x') {
    Base = 16;
    Text = {Text.Begin + 2, Text.Size - 2};
  }
  uint64_t Value = 0;
  for (size_t I = 0; I != Text.Size; ++I) {
    char C = Text.Begin[I];
    unsigned Digit = C >= '0' && C <= '9'   ? unsigned(C - '0')
                     : C >= 'a' && C <= 'f' ? unsigned(C - 'a') + 10
                                            : 99;
    if (Digit >= Base || __builtin_mul_overflow(Value, Base, &Value) ||
        __builtin_add_overflow(Value, Digit, &Value))
      return false;
  }
  if (!Text.Size || Value < Min || Value > Max)
    return false;
  Result = Value;
  return true;
}

/// Decimal, with up to four digits behind a point, from 0 to 100. Result: in
/// parts per million.
bool parsePercent(Piece Text, uint32_t &Result) {
  constexpr uint32_t One = 10'000, Most = 100 * One;
  uint32_t Value = 0, Unit = One;
  bool HasPoint = false, HasDigit = false;
  for (size_t I = 0; I != Text.Size; ++I) {
    char C = Text.Begin[I];
    if (C == '.' && !HasPoint) {
      HasPoint = true;
      continue;
    }
    if (C < '0' || C > '9' || (HasPoint && Unit == 1) || Value > Most)
      return false;
    HasDigit = true;
    uint32_t Digit = static_cast<uint32_t>(C - '0');
    if (HasPoint)
      Value += Digit * (Unit /= 10);
    else
      Value = Value * 10 + Digit * One;
  }
  if (!HasDigit || Value > Most)
    return false;
  Result = Value;
  return true;
}

bool parseFlag(Piece Text, bool &Result) {
  bool IsTrue = Text.is("1") || Text.is("true") || Text.is("yes");
  if (!IsTrue && !Text.is("0") && !Text.is("false") && !Text.is("no"))
    return false;
  Result = IsTrue;
  return true;
}

/// The position of `Text` among the names in `Values` ("a|b|c"), or -1.
int parseChoice(Piece Text, const char *Values) {
  for (int Index = 0;; ++Index) {
    size_t Length = strcspn(Values, "|");
    if (Length == Text.Size && memcmp(Values, Text.Begin, Length) == 0)
      return Index;
    if (!Values[Length])
      return -1;
    Values += Length + 1;
  }
}

/// Reads items one by one, and reports those it cannot use.
class Parser {
public:
  Parser(bool IsSecure, const char *LinePrefix, Options &Result, Writer &Errors)
      : IsSecure(IsSecure), LinePrefix(LinePrefix), Result(Result),
        Errors(Errors) {}

  void parse(const char *P) {
    for (;;) {
      while (isSeparator(*P))
        ++P;
      if (!*P)
        return;
      Name = {P, strcspn(P, "=:, \t\n\r")};
      P += Name.Size;
      HasValue = *P == '=';
      Value = {P, 0};
      QuoteError = nullptr;
      if (HasValue)
        P = readValue(P + 1);
      apply();
    }
  }

private:
  /// Returns: the end of the value that starts at `P`.
  const char *readValue(const char *P) {
    if (*P == '"' || *P == '\'') {
      const char *End = strchr(P + 1, *P);
      if (!End) {
        QuoteError = "has no closing quote";
        return P + strlen(P);
      }
      Value = {P + 1, size_t(End - P - 1)};
      const char *Next = itemEnd(End + 1);
      if (Next != End + 1)
        QuoteError = "has text behind its closing quote";
      return Next;
    }
    const char *End = itemEnd(P);
    while (isSite(Name) && *End == ':' && isDigit(End[1]))
      End = itemEnd(End + 1);
    Value = {P, size_t(End - P)};
    return End;
  }

  static const char *itemEnd(const char *P) {
    while (*P && !isSeparator(*P))
      ++P;
    return P;
  }

  void apply() {
    if (!HasValue)
      return reject("has no value", "");
    if (QuoteError)
      return reject(QuoteError, "");
#define HF_FLAG(N, Default, Prose)                                             \
  if (Name.is(#N))                                                             \
    return parseFlag(Value, Result.N) ? void() : reject("wants", " 0 or 1");
#define HF_NUMBER(N, Default, Min, Max, Unit, Prose)                           \
  if (Name.is(#N))                                                             \
    return parseNumber(Value, Min, Max, Result.N) ? void()                     \
                                                  : rejectRange(Min, Max);
#define HF_PERCENT(N, Default, Prose)                                          \
  if (Name.is(#N))                                                             \
    return parsePercent(Value, Result.N) ? void()                              \
                                         : reject("wants", " 0 to 100");
#define HF_CHOICE(N, Type, Default, Values, Prose)                             \
  if (Name.is(#N)) {                                                           \
    int Index = parseChoice(Value, Values);                                    \
    if (Index < 0)                                                             \
      return reject("wants one of ", Values);                                  \
    Result.N = static_cast<Type>(Index);                                       \
    return;                                                                    \
  }
#define HF_PATH(N, Prose)                                                      \
  if (Name.is(#N))                                                             \
    return applyPath(Result.N);
#define HF_SITE(N, Prose)                                                      \
  if (Name.is(#N))                                                             \
    return applySite(Result.N);
#include "options.def"
    reject("is unknown", "; help=1 lists the options");
  }

  static bool isDigit(char C) { return C >= '0' && C <= '9'; }

  /// True for the name of a HF_SITE.
  static bool isSite(Piece Name) {
#define HF_FLAG(N, Default, Prose)
#define HF_NUMBER(N, Default, Min, Max, Unit, Prose)
#define HF_PERCENT(N, Default, Prose)
#define HF_CHOICE(N, Type, Default, Values, Prose)
#define HF_PATH(N, Prose)
#define HF_SITE(N, Prose)                                                      \
  if (Name.is(#N))                                                             \
    return true;
#include "options.def"
    return false;
  }

  void applySite(SiteChoice &Site) {
    if (!parseSiteChoice(Value.Begin, Value.Size, Site))
      reject("wants", " SITE, SITE:N, FILE:LINE or FILE:LINE:COLUMN");
  }

  void applyPath(char *Path) {
    if (IsSecure)
      return reject("is ignored", " in a program with raised rights");
    if (Value.Size >= MaxOptionPath)
      return reject("is too long", "");
    memcpy(Path, Value.Begin, Value.Size);
    Path[Value.Size] = 0;
  }

  Writer &beginError() {
    Errors << LinePrefix << "option '";
    append(Name);
    return Errors << "' ";
  }

  void reject(const char *What, const char *Detail) {
    beginError() << What << Detail << endError();
  }

  void rejectRange(uint64_t Min, uint64_t Max) {
    beginError() << "wants a number from ";
    Errors.dec(Min) << " to ";
    Errors.dec(Max) << endError();
  }

  const char *endError() { return ": left as it was\n"; }

  void append(Piece Text) {
    for (size_t I = 0; I != Text.Size; ++I) {
      char C[] = {Text.Begin[I], 0};
      Errors.escaped(C);
    }
  }

  bool IsSecure;
  const char *LinePrefix;
  Options &Result;
  Writer &Errors;
  Piece Name{}, Value{};
  const char *QuoteError = nullptr; ///< Of the item, or null.
  bool HasValue = false;
};

} // namespace

void parseOptions(const char *Text, bool IsSecure, const char *LinePrefix,
                  Options &Result, Writer &Errors) {
  Parser(IsSecure, LinePrefix, Result, Errors).parse(Text);
}

/// Parts per million as "0.25".
static void percent(Writer &Out, uint32_t PartsPerMillion) {
  Out.dec(PartsPerMillion / 10'000);
  uint32_t Part = PartsPerMillion % 10'000;
  if (!Part)
    return;
  Out << '.';
  for (uint32_t Unit = 1000; Part; Unit /= 10) {
    Out.dec(Part / Unit);
    Part %= Unit;
  }
}

void describeOptions(Writer &Out) {
  Out << "HEAPFENCE_OPTIONS: name=value, separated by ':'\n";
#define HF_FLAG(Name, Default, Prose)                                          \
  Out << "  " #Name "=0|1 (default " << (Default ? "1" : "0")                  \
      << "): " Prose "\n";
#define HF_NUMBER(Name, Default, Min, Max, Unit, Prose)                        \
  Out << "  " #Name "=N" << (*Unit ? " " : "") << Unit << " (default ";        \
  Out.dec(Default) << "): " Prose "\n";
#define HF_PERCENT(Name, Default, Prose)                                       \
  Out << "  " #Name "=N percent (default ";                                    \
  percent(Out, Default);                                                       \
  Out << "): " Prose "\n";
#define HF_CHOICE(Name, Type, Default, Values, Prose)                          \
  Out << "  " #Name "=" Values " (default ";                                   \
  {                                                                            \
    const char *V = Values;                                                    \
    for (int I = static_cast<int>(Type::Default); I; --I)                      \
      V = strchr(V, '|') + 1;                                                  \
    for (size_t I = 0, End = strcspn(V, "|"); I != End; ++I)                   \
      Out << V[I];                                                             \
  }                                                                            \
  Out << "): " Prose "\n";
#define HF_PATH(Name, Prose) Out << "  " #Name "=PATH: " Prose "\n";
#define HF_SITE(Name, Prose)                                                   \
  Out << "  " #Name "=SITE[:N]|FILE:LINE[:COLUMN]: " Prose "\n";
#include "options.def"
}

} // namespace heapfence
