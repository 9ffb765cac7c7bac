// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bounded text.

#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

namespace heapfence {

static const char Digits[] = "0123456789abcdef";

Writer &Writer::operator<<(const char *Text) {
  size_t Length = strlen(Text);
  size_t Room = Capacity - Size;
  if (Length > Room) {
    Length = Room;
    Truncated = true;
  }
  memcpy(Buffer + Size, Text, Length);
  Size += Length;
  return *this;
}

Writer &Writer::operator<<(char C) {
  char Text[] = {C, 0};
  return *this << Text;
}

Writer &Writer::dec(uint64_t Value) {
  char Text[21];
  char *P = Text + sizeof(Text) - 1;
  *P = 0;
  do
    *--P = Digits[Value % 10];
  while (Value /= 10);
  return *this << P;
}

Writer &Writer::signedDec(int64_t Value) {
  if (Value >= 0)
    return dec(static_cast<uint64_t>(Value));
  return (*this << '-').dec(-static_cast<uint64_t>(Value));
}

Writer &Writer::hex(uint64_t Value) {
  char Text[19];
  char *P = Text + sizeof(Text) - 1;
  *P = 0;
  do
    *--P = Digits[Value & 15];
  while (Value >>= 4);
  *--P = 'x';
  *--P = '0';
  return *this << P;
}

Writer &Writer::hexBytes(const uint8_t *Bytes, size_t Count) {
  for (size_t I = 0; I != Count; ++I)
    *this << Digits[Bytes[I] >> 4] << Digits[Bytes[I] & 15];
  return *this;
}

Writer &Writer::plural(uint64_t Value, const char *Noun) {
  dec(Value) << ' ' << Noun;
  return Value == 1 ? *this : *this << 's';
}

Writer &Writer::ordinal(uint64_t Value) {
  bool IsTeen = Value / 10 % 10 == 1;
  unsigned Last = IsTeen ? 0 : Value % 10;
  dec(Value);
  return *this << (Last == 1   ? "st"
                   : Last == 2 ? "nd"
                   : Last == 3 ? "rd"
                               : "th");
}

Writer &Writer::escaped(const char *Text) {
  for (; *Text; ++Text) {
    unsigned char C = static_cast<unsigned char>(*Text);
    if (C < ' ' || C >= 0x7f)
      *this << "\\x" << Digits[C >> 4] << Digits[C & 15];
    else
      *this << *Text;
  }
  return *this;
}

/// The length of the UTF-8 character at `P`, of several bytes; 0: it is none.
static unsigned utf8Length(const unsigned char *P) {
  unsigned Length = *P >= 0xf0 ? 4 : *P >= 0xe0 ? 3 : 2;
  if (*P < 0xc2 || *P > 0xf4)
    return 0;
  for (unsigned I = 1; I != Length; ++I)
    if ((P[I] & 0xc0) != 0x80)
      return 0;
  bool IsOverlong = (*P == 0xe0 && P[1] < 0xa0) || (*P == 0xf0 && P[1] < 0x90);
  bool IsOutside = (*P == 0xed && P[1] > 0x9f) || (*P == 0xf4 && P[1] > 0x8f);
  return IsOverlong || IsOutside ? 0 : Length;
}

Writer &Writer::json(const char *Text) {
  static const char Digits[] = "0123456789abcdef";
  *this << '"';
  for (auto *P = reinterpret_cast<const unsigned char *>(Text); *P;) {
    unsigned Length = *P < 0x80 ? 1 : utf8Length(P);
    if (*P == '"' || *P == '\\')
      *this << '\\';
    if (Length && *P >= ' ' && *P != 0x7f) {
      while (Length--)
        *this << static_cast<char>(*P++);
      continue;
    }
    *this << "\\u00" << Digits[*P >> 4] << Digits[*P & 15];
    ++P;
  }
  return *this << '"';
}

const char *Writer::text() {
  if (Size == Capacity) {
    --Size;
    Truncated = true;
  }
  Buffer[Size] = 0;
  return Buffer;
}

namespace {

/// Keeps a write to a pipe that nobody reads from ending a program that may
/// never have written there itself.
class WithoutSigpipe {
public:
  WithoutSigpipe() {
    sigset_t Pending;
    WasPending = sigpending(&Pending) == 0 && sigismember(&Pending, SIGPIPE);
    sigemptyset(&Sigpipe);
    sigaddset(&Sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &Sigpipe, &Before);
  }
  ~WithoutSigpipe() { pthread_sigmask(SIG_SETMASK, &Before, nullptr); }

  /// Takes away the signal that a write has caused.
  void discard() {
    constexpr struct timespec AtOnce = {0, 0};
    while (!WasPending && sigtimedwait(&Sigpipe, nullptr, &AtOnce) < 0 &&
           errno == EINTR)
      ;
  }

private:
  bool WasPending; ///< The program's own: it stays.
  sigset_t Sigpipe, Before;
};

/// Waits for room in a file that does not block. Returns: false if its reader
/// stays away.
bool waitForRoom(int Fd) {
  constexpr int PatienceMs = 1000, MaxInterruptions = 1000;
  struct pollfd P = {Fd, POLLOUT, 0};
  for (int I = 0; I != MaxInterruptions; ++I) {
    int Ready = poll(&P, 1, PatienceMs);
    if (Ready >= 0 || errno != EINTR)
      return Ready > 0;
  }
  return false;
}

} // namespace

bool writeAll(int Fd, const char *Data, size_t Size) {
  int SavedErrno = errno;
  WithoutSigpipe Guard;
  bool Ok = true;
  while (Size && Ok) {
    ssize_t Done = write(Fd, Data, Size);
    if (Done > 0) {
      Data += Done;
      Size -= static_cast<size_t>(Done);
    } else if (Done < 0 && errno == EPIPE) {
      Guard.discard();
      Ok = false;
    } else {
      Ok = Done < 0 && (errno == EINTR || (errno == EAGAIN && waitForRoom(Fd)));
    }
  }
  errno = SavedErrno;
  return Ok;
}

} // namespace heapfence
