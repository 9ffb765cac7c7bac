// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bounded text, built without allocation or locale.
// Called from: start-up, signal handler, exit.

#ifndef HEAPFENCE_WRITER_H
#define HEAPFENCE_WRITER_H

#include <stddef.h>
#include <stdint.h>

namespace heapfence {

/// Appends to a caller's buffer; what does not fit is left out, and
/// `isTruncated` tells. Signal-safety: safe.
class Writer {
public:
  Writer(char *Buffer, size_t Capacity) : Buffer(Buffer), Capacity(Capacity) {}

  Writer &operator<<(const char *Text);
  Writer &operator<<(char C);
  Writer &dec(uint64_t Value);
  Writer &signedDec(int64_t Value);
  /// "0x" and lower-case digits, no padding.
  Writer &hex(uint64_t Value);
  /// `Bytes` as lower-case digits, two each.
  Writer &hexBytes(const uint8_t *Bytes, size_t Count);
  /// `Value`, a space, and `Noun`, with an s if there is not exactly one.
  Writer &plural(uint64_t Value, const char *Noun);
  /// 7 -> "7th", 1 -> "1st".
  Writer &ordinal(uint64_t Value);
  /// `Text` with control characters and bytes above ASCII written as \xNN, so
  /// that a name from the program cannot steer a terminal or forge a line.
  Writer &escaped(const char *Text);

  /// `Text` as a JSON string, quotes included. What is not UTF-8 is taken byte
  /// by byte for Latin-1.
  Writer &json(const char *Text);

  const char *data() const { return Buffer; }
  /// The text with a terminator, cut by a byte if there is no room for one.
  const char *text();
  size_t size() const { return Size; }
  bool isTruncated() const { return Truncated; }
  void clear() { Size = 0, Truncated = false; }

private:
  char *Buffer;
  size_t Capacity;
  size_t Size = 0;
  bool Truncated = false;
};

/// A writer with its own storage.
template <size_t N> class BufferedWriter : public Writer {
public:
  BufferedWriter() : Writer(Storage, N) {}

private:
  char Storage[N];
};

/// Writes all of `Data` to `Fd`, through short writes, interruptions, and waits
/// for a file that does not block. A broken pipe raises no SIGPIPE.
/// Returns: false if the file refused part of it.
/// Signal-safety: safe; preserves errno.
bool writeAll(int Fd, const char *Data, size_t Size);

} // namespace heapfence

#endif // HEAPFENCE_WRITER_H
