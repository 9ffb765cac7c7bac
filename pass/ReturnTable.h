// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Records where a deallocation call returns to. The call itself stays as it is:
// the interposed function tests the pointer, and a report finds the site by the
// return address.

#ifndef HEAPFENCE_PASS_RETURNTABLE_H
#define HEAPFENCE_PASS_RETURNTABLE_H

#include "HeapCall.h"

namespace heapfence {

/// Emits a `ReturnRecord` for `Call`, by a label after it: no instruction, no
/// change of the code around it, but that a call in tail position is no jump.
/// (The idea of a label kept in a section of its own is that of the Linux
/// kernel's jump labels and exception tables.)
///
/// The record is in the section group of the code, and linked to its section:
/// the linker keeps exactly the records of the code it keeps. Where a later
/// optimization copies the code, each copy has its own.
void recordReturn(const HeapCall &Call, llvm::Constant *Record);

} // namespace heapfence

#endif // HEAPFENCE_PASS_RETURNTABLE_H
