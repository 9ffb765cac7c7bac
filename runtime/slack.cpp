// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory around objects.

#include "slack.h"

namespace heapfence {

PageRange openRange(const Slot &S, size_t PageSize) {
  if (isLight(S))
    return {S.Begin, LightBytes};
  uintptr_t Mask = PageSize - 1;
  uintptr_t Begin = S.Address & ~Mask;
  uintptr_t End = (S.Address + S.Size + Mask) & ~Mask;
  return {Begin, S.Size ? End - Begin : 0};
}

uintptr_t Slack::firstChange(const Slot &S) const {
  PageRange P = openRange(S, PageSize);
  if (!P.Size)
    return 0;
  // After the object first: most bugs run over the end.
  uintptr_t ObjectEnd = S.Address + S.Size, End = P.Begin + P.Size;
  uintptr_t After = Pattern.firstChange(ObjectEnd, End);
  if (After != End)
    return After;
  uintptr_t Before = Pattern.firstChange(P.Begin, S.Address);
  return Before != S.Address ? Before : 0;
}

/// A freed light slot is all pattern, a new one all zero.
uintptr_t Slack::firstChangeInFreed(const Slot &S) const {
  uintptr_t End = S.Begin + LightBytes;
  // The state says nothing here: it is being filled.
  uintptr_t Changed = S.Address ? Pattern.firstChange(S.Begin, End) : End;
  return Changed == End ? 0 : Changed;
}

Changes Slack::changesFrom(uintptr_t Address, const Slot &S) const {
  PageRange P = openRange(S, PageSize);
  uintptr_t End = P.Begin + P.Size;
  bool IsAll = isAllPattern(S, S.State.loadAcquire());
  auto IsChanged = [&](uintptr_t A) {
    return (IsAll || !S.contains(A)) && Pattern.firstChange(A, A + 1) == A;
  };
  Changes C = {};
  C.Begin = Address & ~uintptr_t(15);
  for (uintptr_t A = C.Begin; A != End && C.Count != Changes::MaxBytes; ++A) {
    uint64_t Bit = uint64_t(1) << C.Count;
    if (A < P.Begin || (!IsAll && S.contains(A)))
      C.Outside |= Bit;
    else if (IsChanged(A))
      C.Changed |= Bit;
    C.Bytes[C.Count++] =
        A < P.Begin ? 0 : *reinterpret_cast<const uint8_t *>(A);
  }
  // Not through the object: it may be large.
  uintptr_t Left = IsAll ? End : S.Address;
  uintptr_t Right = IsAll ? End : S.Address + S.Size;
  for (uintptr_t A = P.Begin; A != Left; ++A)
    C.Total += IsChanged(A);
  for (uintptr_t A = Right; A != End; ++A)
    C.Total += IsChanged(A);
  return C;
}

} // namespace heapfence
