// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The verdict.

#include "diagnose.h"

namespace heapfence {

const char *nameOf(ErrorKind Kind) {
  switch (Kind) {
  case ErrorKind::None:
    return "none";
  case ErrorKind::UseAfterFree:
    return "heap-use-after-free";
  case ErrorKind::BufferOverflow:
    return "heap-buffer-overflow";
  case ErrorKind::BufferUnderflow:
    return "heap-buffer-underflow";
  case ErrorKind::DoubleFree:
    return "double-free";
  case ErrorKind::InvalidFree:
    return "invalid-free";
  case ErrorKind::Corruption:
    return "heap-corruption";
  case ErrorKind::WildAccess:
    return "wild-access";
  case ErrorKind::FamilyMismatch:
    return "alloc-dealloc-mismatch";
  case ErrorKind::SizeMismatch:
    return "sized-delete-mismatch";
  case ErrorKind::AlignmentMismatch:
    return "aligned-delete-mismatch";
  case ErrorKind::AllocatorCrash:
    return "allocator-crash";
  }
  return "none";
}

namespace {

bool hasObject(const PoolView &View, uint32_t Index) {
  return Index < View.SlotCount && // Not NoSlot.
         hasObject(View.Slots[Index].State.loadAcquire());
}

bool isFreed(const Slot &S) { return isGone(S.State.loadAcquire()); }

/// Distance in bytes from the object to an address outside it.
size_t distance(const Slot &S, uintptr_t Address) {
  return Address < S.Address ? S.Address - Address
                             : Address - (S.Address + S.Size);
}

/// The object that an address outside all objects most likely belongs to: the
/// nearer of the neighbours.
uint32_t nearest(const PoolView &View, const Place &At, uintptr_t Address) {
  bool HasLeft = hasObject(View, At.Left), HasRight = hasObject(View, At.Right);
  if (!HasLeft || !HasRight)
    return HasLeft ? At.Left : HasRight ? At.Right : NoSlot;
  return distance(View.Slots[At.Left], Address) <=
                 distance(View.Slots[At.Right], Address)
             ? At.Left
             : At.Right;
}

void relate(Diagnosis &D, const Slot &S) {
  if (S.contains(D.Address)) {
    D.Where = Relation::Inside;
    D.Distance = D.Address - S.Address;
    return;
  }
  D.Where = D.Address < S.Address ? Relation::Before : Relation::After;
  D.Distance = distance(S, D.Address);
}

} // namespace

Diagnosis diagnoseAccess(const PoolView &View, uintptr_t Address, Access How) {
  Diagnosis D{ErrorKind::WildAccess, How, Address};
  Place At = View.Map.locate(Address);
  D.Slot = hasObject(View, At.Slot) ? At.Slot : nearest(View, At, Address);
  if (D.Slot == NoSlot)
    return D;
  const Slot &S = View.Slots[D.Slot];
  relate(D, S);
  // On the pages of a freed object its own bytes and the slack beside them are
  // both gone; outside those pages the overrun is what is certain.
  if (isFreed(S) && At.Slot == D.Slot)
    D.Kind = ErrorKind::UseAfterFree;
  else if (D.Where == Relation::Inside && !isFreed(S) && At.Slot == D.Slot)
    D.Kind = ErrorKind::None;
  else
    D.Kind = D.Where == Relation::Before ? ErrorKind::BufferUnderflow
                                         : ErrorKind::BufferOverflow;
  return D;
}

Diagnosis diagnoseRange(const PoolView &View, uintptr_t Begin, size_t Size,
                        Access How) {
  Diagnosis D{ErrorKind::None, How, Begin};
  if (!Size)
    return D;
  Place At = View.Map.locate(Begin);
  D.Slot = hasObject(View, At.Slot) ? At.Slot : nearest(View, At, Begin);
  if (D.Slot == NoSlot)
    return D;
  const Slot &S = View.Slots[D.Slot];
  if (At.Slot == D.Slot && isFreed(S))
    D.Kind = ErrorKind::UseAfterFree;
  else if (Begin < S.Address)
    D.Kind = ErrorKind::BufferUnderflow;
  else if (!S.contains(Begin) || Size > S.Address + S.Size - Begin)
    D.Kind = ErrorKind::BufferOverflow;
  if (D.Kind == ErrorKind::BufferOverflow && S.contains(Begin))
    D.Address = S.Address + S.Size;
  relate(D, S);
  return D;
}

Diagnosis diagnoseFree(const PoolView &View, uintptr_t Address, ErrorKind Kind,
                       uint32_t Index, Deallocation By) {
  Diagnosis D{Kind, Access::Unknown, Address};
  D.By = By;
  // On a guard page: the free of a pointer just outside an object.
  D.Slot = hasObject(View, Index)
               ? Index
               : nearest(View, View.Map.locate(Address), Address);
  if (D.Slot != NoSlot)
    relate(D, View.Slots[D.Slot]);
  return D;
}

/// An operator delete without an alignment is not for memory of an aligned
/// operator new; free is for memory of aligned_alloc.
static bool isAlignmentRight(const Slot &S, Deallocation By) {
  bool IsOperator = familyOf(S.Callee) != Family::Malloc;
  if (!By.Alignment)
    return !IsOperator || shapeOf(S.Callee) != Shape::AlignedNew;
  return By.Alignment == size_t(1) << S.AlignLog2;
}

Diagnosis diagnoseDeallocation(const PoolView &View, uint32_t Index,
                               Deallocation By) {
  const Slot &S = View.Slots[Index];
  Diagnosis D{ErrorKind::None, Access::Unknown, S.Address, Index};
  D.By = By;
  if (familyOf(S.Callee) != familyOf(By.Callee))
    D.Kind = ErrorKind::FamilyMismatch;
  else if (!isAlignmentRight(S, By))
    D.Kind = ErrorKind::AlignmentMismatch;
  else if (By.Size != Deallocation::NotTold && By.Size != S.Size)
    D.Kind = ErrorKind::SizeMismatch;
  return D;
}

Diagnosis diagnoseCorruption(const PoolView &View, uintptr_t Changed,
                             uint32_t Slot) {
  Diagnosis D{ErrorKind::Corruption, Access::Write, Changed, Slot};
  relate(D, View.Slots[Slot]);
  return D;
}

} // namespace heapfence
