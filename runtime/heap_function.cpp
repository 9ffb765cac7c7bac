// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of heap functions.

#include "heap_function.h"

namespace heapfence {

static bool isDeallocation(Shape Form) {
  return Form == Shape::Free || Form == Shape::FreeSized ||
         Form == Shape::FreeAligned || Form == Shape::FreeAlignedSized ||
         Form == Shape::FreeSizedAligned;
}

const char *symbolOf(HeapFunction F) {
  static const char *const Symbols[] = {
#define HEAP_FUNCTION(Id, Symbol, Shape, Family) Symbol,
#include "heapfence/heap_functions.def"
  };
  return Symbols[static_cast<uint8_t>(F)];
}

const char *nameOf(HeapFunction F) {
  bool Frees = isDeallocation(shapeOf(F));
  switch (familyOf(F)) {
  case Family::New:
    return Frees ? "operator delete" : "operator new";
  case Family::NewArray:
    return Frees ? "operator delete[]" : "operator new[]";
  case Family::Malloc:
    break;
  }
  return symbolOf(F);
}

} // namespace heapfence
