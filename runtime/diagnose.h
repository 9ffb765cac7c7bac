// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a fault or a refused free to what went wrong. A pure function: needs no
// signal, no pages, and changes nothing.
// Called from: signal handler, slow path, tests.

#ifndef HEAPFENCE_DIAGNOSE_H
#define HEAPFENCE_DIAGNOSE_H

#include "arch.h"
#include "deallocation.h"
#include "layout.h"

namespace heapfence {

enum class ErrorKind : uint8_t {
  None, ///< Not an error of the heap's use: somebody else's fault.
  UseAfterFree,
  BufferOverflow,
  BufferUnderflow,
  DoubleFree,
  InvalidFree,
  Corruption,        ///< Found written to, beside an object, after the fact.
  WildAccess,        ///< Pool memory that never belonged to an object.
  FamilyMismatch,    ///< Freed by a function of another family.
  SizeMismatch,      ///< Freed with another size than the object's.
  AlignmentMismatch, ///< Freed with another alignment than it was asked for.
  AllocatorCrash,    ///< The allocator crashed when told to free something.
};
inline constexpr unsigned ErrorKindCount =
    unsigned(ErrorKind::AlignmentMismatch) + 1;

/// The stable name in reports: "heap-use-after-free".
const char *nameOf(ErrorKind Kind);

/// Where an address lies, seen from an object.
enum class Relation : uint8_t { Inside, After, Before };

struct Diagnosis {
  ErrorKind Kind = ErrorKind::None;
  Access How = Access::Unknown; ///< Unknown for the errors of free.
  uintptr_t Address = 0;
  uint32_t Slot = NoSlot; ///< The object concerned, if there is one.
  Relation Where = Relation::Inside;
  size_t Distance = 0;  ///< In bytes; 0 for the first byte inside or after.
  Deallocation By = {}; ///< For the errors of free: the call.
  /// The function that is about to do it, and which of its arguments tells it
  /// to; null: it was the program.
  const char *Function = nullptr;
  unsigned Argument = 0; ///< From 1.
  /// What the allocator said, who found the error itself, in an object that was
  /// not guarded; `Address` is not known then. Else null.
  const char *AllocatorMessage = nullptr;
  /// The access itself went unseen: the program crashed over the value that it
  /// read there.
  bool IsLate = false;
  /// Where `Address` is, in words, if it is not in the pool. Else null.
  const char *Place = nullptr;
  /// The pointer to `Address` that a call was given, if it had a tag, which is
  /// no part of the address; else 0.
  uintptr_t TaggedPointer = 0;
};

/// What the diagnosis looks at.
struct PoolView {
  const Layout &Map;
  const Slot *Slots;
  uint32_t SlotCount;
};

/// Judges a fault at `Address`, which lies in the pool. A fault inside a live
/// object is none of ours: the program protected its own memory.
/// Signal-safety: safe.
Diagnosis diagnoseAccess(const PoolView &View, uintptr_t Address, Access How);

/// Judges that `Size` bytes from `Begin` on, which lies in the pool, are about
/// to be accessed. `None`: they are all within one object, or it is not known
/// what is there.
Diagnosis diagnoseRange(const PoolView &View, uintptr_t Begin, size_t Size,
                        Access How);

/// Judges the free of `Address`, which lies in the pool and was refused for
/// `Kind` (DoubleFree or InvalidFree); `Slot` is what the pool found there. If
/// it found none, the nearest object is meant.
Diagnosis diagnoseFree(const PoolView &View, uintptr_t Address, ErrorKind Kind,
                       uint32_t Slot, Deallocation By);

/// Judges whether `By` is how the live object of `Slot` is to be freed: of its
/// family, and with its size and alignment where the call tells them. `None`:
/// it is.
Diagnosis diagnoseDeallocation(const PoolView &View, uint32_t Slot,
                               Deallocation By);

/// Judges that the byte at `Changed`, in the pages of `Slot` and outside its
/// object, is not as it was.
Diagnosis diagnoseCorruption(const PoolView &View, uintptr_t Changed,
                             uint32_t Slot);

} // namespace heapfence

#endif // HEAPFENCE_DIAGNOSE_H
