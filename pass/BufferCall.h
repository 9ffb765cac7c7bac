// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recognises a call that hands buffers to the C library. Pure: reads the IR,
// changes nothing.

#ifndef HEAPFENCE_PASS_BUFFERCALL_H
#define HEAPFENCE_PASS_BUFFERCALL_H

#include "heapfence/abi.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/InstrTypes.h"

namespace heapfence {

/// An argument that is a buffer.
struct Buffer {
  unsigned Argument;
  bool IsWritten;
  BufferForm Form;
  /// The arguments that tell how much: their product.
  llvm::SmallVector<unsigned, 2> Told;
};

/// A row of buffer_functions.def.
struct BufferFunction {
  llvm::StringRef Symbol, Prototype;
  llvm::SmallVector<Buffer, 2> Buffers;
  /// One of memcpy and its kin.
  bool IsMemory = false;

  llvm::FunctionType *type(llvm::LLVMContext &C) const;
};

/// What `Call` is to be checked as, or null: a call of a known function with
/// its prototype, or a copy or fill that becomes one, unless all its buffers
/// are seen not to be on the heap.
const BufferFunction *matchBufferCall(const llvm::CallBase &Call);

/// True if `Name` is in the table: the body of such a function is left alone.
bool isBufferFunctionName(llvm::StringRef Name);

} // namespace heapfence

#endif // HEAPFENCE_PASS_BUFFERCALL_H
