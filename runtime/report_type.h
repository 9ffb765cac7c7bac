// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The type of a report's object as a report gives it, whatever its format.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_TYPE_H
#define HEAPFENCE_REPORT_TYPE_H

#include "report.h"

namespace heapfence {

struct ReportType {
  const char *Name = nullptr; ///< As in the source; null: not known.
  size_t ElementSize = 0;     ///< In bytes; 0: not known.
  /// How many there are, if they are several and fill the object; else 0.
  size_t Count = 0;
  /// With a `Count`: where the error is, in elements from the first; those
  /// before it are negative.
  int64_t Index = 0;
};

inline ReportType typeOf(const Report &R) {
  ReportType T;
  const Site *Where = R.Object ? R.Allocation.Where : nullptr;
  if (!Where)
    return T;
  T.Name = Where->Type.get();
  if (!T.Name)
    return T;
  T.ElementSize = Where->Size;
  size_t Size = R.Object->Size, One = T.ElementSize;
  if (One < 2 || Size <= One || Size % One)
    return T;
  T.Count = Size / One;
  size_t Distance = R.Error.Distance;
  switch (R.Error.Where) {
  case Relation::Inside:
    T.Index = static_cast<int64_t>(Distance / One);
    break;
  case Relation::After:
    T.Index = static_cast<int64_t>((Size + Distance) / One);
    break;
  case Relation::Before:
    T.Index = -static_cast<int64_t>((Distance + One - 1) / One);
    break;
  }
  return T;
}

} // namespace heapfence

#endif // HEAPFENCE_REPORT_TYPE_H
