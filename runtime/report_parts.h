// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What reports of several styles have in common, piece by piece.
// Called from: signal handler, slow path.

#ifndef HEAPFENCE_REPORT_PARTS_H
#define HEAPFENCE_REPORT_PARTS_H

#include "report.h"

namespace heapfence {

/// True if the report's first stack is that of a call that frees, and which one
/// is known.
bool isOfDeallocation(const Report &R);

/// True if `F` tells function, file and line.
bool hasPosition(const SourceFrame &F);

/// "FILE:LINE:COLUMN", the latter if it is known.
void writePosition(Writer &Out, const SourceFrame &F);

/// " in FUNCTION FILE:LINE:COLUMN" as far as it is known.
void writeSource(Writer &Out, const SourceFrame &F);

/// " MODULE+0xOFFSET". Returns: false, and writes nothing, if it is not known.
bool writeOffset(Writer &Out, uintptr_t Pc);

/// " (MODULE+0xOFFSET) (BuildId: ID)" as far as it is known.
void writeModule(Writer &Out, uintptr_t Pc);

/// "N bytes inside of M-byte region [BEGIN,END)". Requires: an object.
void writeRelation(Writer &Out, const Report &R);

/// The object's name: "heapfence-#1".
void writeObject(Writer &Out, const Slot &S);

/// How it was guarded, and all that is known of its type and site: ", light, 16
/// x Conn, index 16, site 2, 3rd guarded here". Requires: an object.
void writeGuarding(Writer &Out, const Report &R);

/// The changed bytes of a corruption, after a line with their number; nothing
/// if none are known. Each as it is, or as "**"; ".." for what is as it was,
/// "--" for what is the object's or nobody's.
void writeChanges(Writer &Out, const Report &R);

/// " in argument N of FUNCTION()" if the error is that call's; or that the
/// access was told by a crash. Last, what tag the pointer had, if any.
void writeArgument(Writer &Out, const Diagnosis &D);

/// Where the address is if there is no object: "in pool memory that never ...".
const char *placeOf(const Diagnosis &D);

/// " FILE:LINE:COLUMN in FUNCTION", or " (MODULE+0xOFFSET)", or nothing: where
/// the error is.
void writeErrorPlace(Writer &Out, const Report &R);

} // namespace heapfence

#endif // HEAPFENCE_REPORT_PARTS_H
