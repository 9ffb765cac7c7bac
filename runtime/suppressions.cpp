// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rules that tell which reports are not wanted.

#include "suppressions.h"
#include "counters.h"
#include "glob.h"
#include "modules.h"
#include "options.h"
#include "symbol_table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace heapfence {

namespace {

constexpr size_t MaxFileBytes = 1 << 20;
/// The shortest line with a rule, its end included: "fun:x".
constexpr size_t MinLineBytes = 6;

constexpr const char *RuleNames[RuleKindCount] = {"kind", "fun", "src",
                                                  "module"};

bool isBlank(char C) { return C == ' ' || C == '\t' || C == '\r'; }

/// `Text` without blanks on both sides; its end is cut off in place.
char *trimmed(char *Text) {
  while (isBlank(*Text))
    ++Text;
  for (size_t Size = strlen(Text); Size && isBlank(Text[Size - 1]); --Size)
    Text[Size - 1] = 0;
  return Text;
}

/// The position of `Name` in `RuleNames`; `RuleKindCount` if it has none.
unsigned ruleNamed(const char *Name) {
  unsigned I = 0;
  while (I != RuleKindCount && strcmp(Name, RuleNames[I]) != 0)
    ++I;
  return I;
}

bool namesAKind(const char *Pattern) {
  for (unsigned K = 1; K != ErrorKindCount; ++K)
    if (matchesGlob(Pattern, nameOf(static_cast<ErrorKind>(K))))
      return true;
  return false;
}

/// "suppressions: PATH", of a line ":LINE: 'TEXT'", and what is to be said.
void sayOf(Suppressions::SayLine Say, const char *Path, uint32_t Line,
           const char *Text, const char *What) {
  BufferedWriter<MaxOptionPath> Out;
  Out << "suppressions: ";
  Out.escaped(Path);
  if (Line) {
    (Out << ':').dec(Line) << ": '";
    Out.escaped(Text) << "'";
  }
  Out << ' ' << What;
  Say(Out.text());
}

/// A file to be read whole.
class RuleFile {
public:
  explicit RuleFile(const char *Path)
      : Fd(open(Path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
  ~RuleFile() {
    if (Fd >= 0)
      close(Fd);
  }
  RuleFile(const RuleFile &) = delete;

  /// Returns: null, or why the file cannot be used.
  const char *findProblem() {
    struct stat File;
    if (Fd < 0 || fstat(Fd, &File))
      return "cannot be opened";
    if (!S_ISREG(File.st_mode))
      return "is no regular file";
    if (size_t(File.st_size) > MaxFileBytes)
      return "is larger than a megabyte";
    Size = size_t(File.st_size);
    return nullptr;
  }

  /// How many rules there may be.
  size_t maxRules() const { return Size / MinLineBytes + 1; }

  /// Memory for the rules, zero, and behind it the text. Null: there is none.
  /// Pages that nothing is written to cost nothing.
  Rule *load(char *&Text) {
    size_t RuleBytes = maxRules() * sizeof(Rule);
    void *Memory = mmap(nullptr, RuleBytes + Size + 1, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (Memory == MAP_FAILED)
      return nullptr;
    Text = static_cast<char *>(Memory) + RuleBytes;
    size_t Done = 0;
    while (Done != Size) {
      ssize_t Got = ::read(Fd, Text + Done, Size - Done);
      if (Got == 0 || (Got < 0 && errno != EINTR))
        break; // It was cut short since.
      Done += Got < 0 ? 0 : size_t(Got);
    }
    // A zero byte does not end the text.
    for (size_t I = 0; I != Done; ++I)
      Text[I] = Text[I] ? Text[I] : '?';
    return static_cast<Rule *>(Memory);
  }

private:
  int Fd;
  size_t Size = 0;
};

} // namespace

void Suppressions::addLine(const char *Path, char *Text, uint32_t Line,
                           SayLine Say) {
  Text = trimmed(Text);
  if (!*Text || *Text == '#')
    return;
  char *Colon = strchr(Text, ':');
  unsigned What = RuleKindCount;
  if (Colon) {
    *Colon = 0;
    What = ruleNamed(Text);
    *Colon = ':';
  }
  if (What == RuleKindCount)
    return sayOf(Say, Path, Line, Text,
                 "is left out: want kind:, fun:, src: or module:");
  const char *Pattern = trimmed(Colon + 1);
  if (!*Pattern)
    return sayOf(Say, Path, Line, Text, "is left out: it has no pattern");
  if (RuleKind(What) == RuleKind::Kind && !namesAKind(Pattern))
    return sayOf(Say, Path, Line, Text,
                 "is left out: no kind of error has such a name");
  Rule &New = Rules[Count++];
  New.What = RuleKind(What);
  New.Line = Line;
  New.Pattern = Pattern;
  Has[What] = true;
  heapfence::count(Counter::SuppressionRules);
}

void Suppressions::read(const char *Path, SayLine Say) {
  int SavedErrno = errno;
  RuleFile File(Path);
  char *Text = nullptr;
  const char *Problem = File.findProblem();
  if (!Problem && !(Rules = File.load(Text)))
    Problem = "is not read: no memory";
  if (Problem)
    sayOf(Say, Path, 0, "", Problem);
  for (uint32_t Line = 1; Text && *Text; ++Line) {
    char *End = Text + strcspn(Text, "\n");
    char *Next = *End ? End + 1 : End;
    *End = 0;
    addLine(Path, Text, Line, Say);
    Text = Next;
  }
  errno = SavedErrno;
}

void Suppressions::sayUnused(const char *Path, SayLine Say) const {
  for (uint32_t I = 0; I != Count; ++I) {
    const Rule &R = Rules[I];
    if (R.IsUsed.loadRelaxed())
      continue;
    BufferedWriter<MaxOptionPath> Text;
    Text << RuleNames[unsigned(R.What)] << ':' << R.Pattern;
    sayOf(Say, Path, R.Line, Text.text(), "was never used");
  }
}

/// Goes through what a report names, and marks the rules about it.
class Suppressions::Matcher {
public:
  Matcher(Suppressions &Rules, const Report &R) : Rules(Rules), R(R) {}

  bool run() {
    if (has(RuleKind::Kind))
      match(RuleKind::Kind, nameOf(R.Error.Kind));
    sites();
    if (has(RuleKind::Function) || has(RuleKind::Module))
      frames();
    return IsCovered;
  }

private:
  bool has(RuleKind What) const { return Rules.Has[unsigned(What)]; }

  void match(RuleKind What, const char *Text) {
    bool IsPath = What == RuleKind::Source || What == RuleKind::Module;
    for (uint32_t I = 0; I != Rules.Count; ++I) {
      Rule &One = Rules.Rules[I];
      if (One.What != What || !(IsPath ? matchesPath(One.Pattern, Text)
                                       : matchesGlob(One.Pattern, Text)))
        continue;
      IsCovered = true;
      if (!One.IsUsed.exchangeAcqRel(true))
        heapfence::count(Counter::SuppressionRulesUsed);
    }
  }

  void sites() {
    site(R.Stack.Where);
    if (!R.Object)
      return;
    site(R.NumberedSite);
    site(R.Allocation.Where);
    if (R.IsFreed)
      site(R.FreedAt);
  }

  void site(const Site *S) {
    for (const SourceFrame *F = S ? &S->Where : nullptr; F;
         F = F->InlinedAt.get()) {
      if (const char *Function = F->Function.get())
        match(RuleKind::Function, Function);
      if (const char *File = F->File.get())
        match(RuleKind::Source, File);
    }
  }

  void frames() {
    stack(R.Stack.Pcs, R.Stack.Count, R.Stack.IsFault);
    if (!R.Object)
      return;
    stack(R.Allocation.Pcs, R.Allocation.Count, /*FirstIsExact=*/false);
    if (R.IsFreed)
      stack(R.Release.Pcs, R.Release.Count, /*FirstIsExact=*/false);
  }

  void stack(const uintptr_t *Pcs, unsigned Count, bool FirstIsExact) {
    for (unsigned I = 0; I != Count; ++I)
      if (!R.IsHelper || !R.IsHelper(Pcs[I]))
        frame(Pcs[I] - (I == 0 && FirstIsExact ? 0 : arch::Frames.CallLength));
  }

  void frame(uintptr_t Pc) {
    LoadedObject Object;
    if (has(RuleKind::Module) && findObject(Pc, Object))
      match(RuleKind::Module, Object.Path);
    if (has(RuleKind::Function))
      forEachNameAt(
          Pc,
          [](const char *Name, void *This) {
            static_cast<Matcher *>(This)->match(RuleKind::Function, Name);
          },
          this);
  }

  Suppressions &Rules;
  const Report &R;
  bool IsCovered = false;
};

bool Suppressions::cover(const Report &R) {
  return Count && Matcher(*this, R).run();
}

} // namespace heapfence
