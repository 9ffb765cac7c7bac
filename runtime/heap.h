// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The heap operations on guarded objects, whoever asks for them: a guard in
// instrumented code or an interposed function.
// Called from: slow path.

#ifndef HEAPFENCE_HEAP_H
#define HEAPFENCE_HEAP_H

#include "deallocation.h"
#include "governor.h"
#include "heapfence/abi.h"
#include "thread.h"

namespace heapfence {

/// Who asks: the site, if the call told it, and the caller's frame.
struct Origin {
  const Site *Where; ///< null when the call did not tell its site.
  const CallerFrame *Caller;
  /// For an allocation: the contexts that it is guarded for.
  const Site *const *Contexts = nullptr;
  unsigned ContextCount = 0;
};

/// Marks that the runtime touches the program's memory for the program.
class AccessForCaller {
public:
  explicit AccessForCaller(const CallerFrame *Caller) {
    threadState().AccessFor = Caller;
  }
  ~AccessForCaller() { threadState().AccessFor = nullptr; }
  AccessForCaller(const AccessForCaller &) = delete;
};

/// The alignment that any object of `Size` bytes may need of malloc.
size_t naturalAlignment(size_t Size);

/// `Alignment`: what the call told, 0 if nothing; `How`: not `Guarding::None`.
/// Returns: a guarded object of zeros, or null (the reason is counted).
void *allocateGuarded(size_t Size, size_t Alignment, Guarding How, Origin From);

/// Frees the object at `P`, which is in the window; reports an error in it.
/// Returns: false if `P` is not in the pool: it belongs to somebody else.
bool freeGuarded(void *P, Deallocation By, Origin From);

/// realloc of `P`, which is in the pool or null. The object moves always, so
/// that its old address traps: to the pool if it is to be guarded, else to the
/// heap.
/// Returns: as realloc; with a size of 0, null after the free.
void *reallocGuarded(void *P, size_t Size, Guarding How, Origin From);

/// realloc of `P`, which the heap owns, to a guarded object.
/// Returns: null if it should stay in the heap; `P` is then as it was.
void *reallocFromHeap(void *P, size_t Size, Guarding How, Origin From);

bool isGuarded(const void *P);

/// How many bytes of its live guarded object there are from `P` on; 0 for
/// anything else.
size_t bytesLeft(const void *P);

/// The exact size of the live guarded object at `P`; 0 for anything else.
size_t guardedSize(const void *P);

} // namespace heapfence

#endif // HEAPFENCE_HEAP_H
