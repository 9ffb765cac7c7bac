// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which loaded object an address belongs to.
// Called from: signal handler.

#ifndef HEAPFENCE_MODULES_H
#define HEAPFENCE_MODULES_H

#include <stddef.h>
#include <stdint.h>

namespace heapfence {

inline constexpr size_t MaxBuildId = 32; ///< Bytes.

/// A loaded segment of an object.
struct LoadedSegment {
  uintptr_t Begin, End; ///< Whole pages.
  int Protection;       ///< As for mprotect.
};

/// A loaded object, as a report names it.
struct LoadedObject {
  const char *Path; ///< Of the file; "" if unknown.
  uintptr_t Bias;   ///< Address in memory minus address in the file.
  uint8_t BuildId[MaxBuildId];
  size_t BuildIdSize;   ///< 0: the object has none.
  LoadedSegment Holder; ///< What holds the address; `End` is 0 if unknown.
};

/// Returns: false if no loaded object holds `Address`.
/// Signal-safety: safe with glibc 2.35 or later; with others it may take the
/// dynamic loader's lock.
bool findObject(uintptr_t Address, LoadedObject &Result);

/// True if one loaded object holds both, which may be null: no object does.
bool areInOneObject(const void *A, const void *B);

/// Sets the build id of `Result` if there is one among `Size` bytes of ELF
/// notes. Signal-safety: safe.
void readBuildId(const char *Notes, size_t Size, LoadedObject &Result);

/// The segment that holds `Address`, as the object's program headers tell it.
/// Returns: false if no loaded object does. Takes the dynamic loader's lock.
bool findSegment(uintptr_t Address, LoadedSegment &Result);

/// True if `Address` lies in the main program, not in a shared object.
bool isInExecutable(uintptr_t Address);

} // namespace heapfence

#endif // HEAPFENCE_MODULES_H
