// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory of a process that is looked at from outside: a running one, or
// what its core file kept.

#ifndef HEAPFENCE_TOOLS_TARGET_MEMORY_H
#define HEAPFENCE_TOOLS_TARGET_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace heapfence {

struct AddressRange {
  uint64_t Begin, End;

  bool contains(uint64_t Address) const { return Address - Begin < size(); }
  uint64_t size() const { return End - Begin; }
};

/// Part of a file that the process has mapped.
struct MappedFile {
  AddressRange At;
  uint64_t Offset; ///< In the file, in bytes.
  std::string Path;
};

class TargetMemory {
public:
  virtual ~TargetMemory() = default;

  /// Returns: false if not all of it can be read.
  virtual bool read(uint64_t From, void *To, size_t Size) const = 0;

  /// What is mapped, whether or not it can be read; ascending.
  virtual const std::vector<AddressRange> &ranges() const = 0;
  virtual const std::vector<MappedFile> &files() const = 0;

  template <typename T> std::optional<T> read(uint64_t From) const {
    T Value;
    if (!read(From, &Value, sizeof(T)))
      return std::nullopt;
    return Value;
  }
};

/// The text at `From`; empty if it cannot be read or has `Max` bytes or more.
inline std::string readText(const TargetMemory &M, uint64_t From, size_t Max) {
  std::string Text;
  for (char C; Text.size() != Max && M.read(From + Text.size(), &C, 1);
       Text += C)
    if (!C)
      return Text;
  return "";
}

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_TARGET_MEMORY_H
