// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads /proc/self/maps, and remembers where heaps may be.

#include "mappings.h"
#include "sync.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

namespace heapfence {

namespace {

/// A text that is read from the left.
class Cursor {
public:
  Cursor(const char *Text, size_t Size) : At(Text), End(Text + Size) {}

  bool hex(uintptr_t &Value) {
    const char *First = At;
    for (Value = 0; At != End; ++At) {
      unsigned Digit = *At >= '0' && *At <= '9'   ? unsigned(*At - '0')
                       : *At >= 'a' && *At <= 'f' ? unsigned(*At - 'a' + 10)
                                                  : 16;
      if (Digit == 16)
        break;
      Value = Value << 4 | Digit;
    }
    return At != First;
  }
  bool skip(char C) { return At != End && *At == C && (++At, true); }
  void skipWord() {
    while (At != End && *At != ' ')
      ++At;
  }
  void skipBlanks() {
    while (At != End && *At == ' ')
      ++At;
  }
  bool startsWith(const char *Prefix) const {
    size_t Length = strlen(Prefix);
    return size_t(End - At) >= Length && memcmp(At, Prefix, Length) == 0;
  }
  bool isAtEnd() const { return At == End; }

private:
  const char *At, *End;
};

/// By the name at the end of a line.
Mapped kindOf(const Cursor &Name) {
  if (Name.startsWith("[stack"))
    return Mapped::Stack;
  constexpr const char *Heaps[] = {"[heap]",    "[anon",     "/dev/zero",
                                   "/dev/shm/", "/memfd:",   "/anon_hugepage",
                                   "/SYSV",     "/dev/huge", "/mnt/huge"};
  for (const char *Heap : Heaps)
    if (Name.startsWith(Heap))
      return Mapped::MayBeHeap;
  return Name.isAtEnd() ? Mapped::MayBeHeap : Mapped::File;
}

/// The lines of a file, of which the beginnings are kept.
class LineReader {
public:
  void start(int File) {
    Fd = File;
    Next = Count = 0;
  }

  /// Returns: the size of the next line in `Line`; 0 at the end.
  size_t next(const char *&Line) {
    size_t Size = 0;
    for (char C; get(C) && C != '\n';)
      if (Size != sizeof(Text))
        Text[Size++] = C;
    Line = Text;
    return Size;
  }

private:
  bool get(char &C) {
    if (Next == Count) {
      ssize_t Got;
      do
        Got = read(Fd, Buffer, sizeof(Buffer));
      while (Got < 0 && errno == EINTR);
      if (Got <= 0)
        return false;
      Count = static_cast<size_t>(Got);
      Next = 0;
    }
    C = Buffer[Next++];
    return true;
  }

  int Fd = 0;
  size_t Next = 0, Count = 0;
  char Text[128] = {};
  char Buffer[4096] = {};
};

struct Range {
  uintptr_t Begin, End;
};

/// Where heaps may be, sorted.
class Heaps {
public:
  bool contains(uintptr_t Address) const {
    unsigned Low = 0, High = Count;
    while (Low != High) {
      unsigned Middle = (Low + High) / 2;
      if (Ranges[Middle].End <= Address)
        Low = Middle + 1;
      else
        High = Middle;
    }
    return Low != Count && Ranges[Low].Begin <= Address;
  }

  /// Reads them anew. Returns: what `Address` lies in.
  Mapped read(uintptr_t Address) {
    int Fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (Fd < 0)
      return Mapped::MayBeHeap;
    Count = 0;
    Mapped Result = Mapped::Nothing;
    Reader.start(Fd);
    const char *Line;
    while (size_t Size = Reader.next(Line)) {
      MapsLine Parsed;
      if (!parseMapsLine(Line, Size, Parsed))
        continue;
      if (Address >= Parsed.Begin && Address < Parsed.End)
        Result = Parsed.Kind;
      if (Parsed.Kind == Mapped::MayBeHeap)
        add(Parsed);
    }
    close(Fd);
    return Result;
  }

private:
  void add(const MapsLine &L) {
    if (Count && Ranges[Count - 1].End == L.Begin)
      Ranges[Count - 1].End = L.End;
    else if (Count != MaxRanges)
      Ranges[Count++] = {L.Begin, L.End};
  }

  static constexpr unsigned MaxRanges = 256;
  Range Ranges[MaxRanges] = {};
  unsigned Count = 0;
  LineReader Reader; // Here, not on the stack: it may be small.
};

TryLock Mutex;
constinit Heaps Known HF_GUARDED_BY(Mutex);

} // namespace

bool parseMapsLine(const char *Text, size_t Size, MapsLine &Result) {
  // 7f0000000000-7f0000001000 r-xp 00000000 fe:01 1234    /lib/libc.so.6
  Cursor C(Text, Size);
  if (!C.hex(Result.Begin) || !C.skip('-') || !C.hex(Result.End) ||
      Result.End <= Result.Begin)
    return false;
  if (!C.skip(' '))
    return false;
  bool IsReadable = C.startsWith("r");
  C.skipWord();            // Protection.
  constexpr int Words = 3; // Offset, device, inode.
  for (int I = 0; I != Words; ++I) {
    if (!C.skip(' '))
      return false;
    C.skipWord();
  }
  C.skipBlanks();
  Result.Kind = kindOf(C);
  if (!IsReadable && Result.Kind == Mapped::MayBeHeap)
    Result.Kind = Mapped::Closed;
  return true;
}

Mapped mappedAt(uintptr_t Address) {
  constexpr unsigned Spins = 1000;
  if (!Mutex.tryLock(Spins))
    return Mapped::MayBeHeap;
  int SavedErrno = errno;
  Mapped Result =
      Known.contains(Address) ? Mapped::MayBeHeap : Known.read(Address);
  errno = SavedErrno;
  Mutex.unlock();
  return Result;
}

} // namespace heapfence
