// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators delete for the whole process. An object file of its own: a program
// may replace all of them. Needs no C++ library.

#include "heap.h"
#include "interpose.h"
#include "modules.h"
#include "real.h"
#include "runtime.h"

#include <dlfcn.h>

using namespace heapfence;

// Emitted into modules that define an operator new of their own.
extern "C" __attribute__((weak)) const char __heapfence_replaces_new;

namespace {

/// With operators of its own, the program may delete what lies inside an object
/// that they took from malloc.
inline bool freeIfOurs(void *P, Deallocation By, const CallerFrame *Caller) {
  return TheRuntime.OwnsCxx && freeGuarded(P, By, {nullptr, Caller});
}

/// True for an operator delete of the C++ library's own that would end at free:
/// it calls others, which call free, and each of them would come by here again.
bool onlyFrees(void *Operator) {
  return !findForeignOperators() && // It calls none that is not the library's.
         areInOneObject(Operator, real::next("__cxa_begin_catch"));
}

} // namespace

// HF_DELETE(Id, Symbol, (parameters after the pointer), (the same as
// arguments), (what they tell, as fields of Deallocation))
//
// Real##Symbol is what the program would have called; it starts at a resolver.
// Without any such operator, or where it is the C++ library's, memory of
// operator new is memory of malloc. The slow side is out of line and reached by
// a jump: its frame record is that of the operator's caller.
#define HF_EXPAND(...) __VA_ARGS__
#define HF_DELETE(Id, Symbol, Parameters, Arguments, Told)                     \
  static void resolve##Symbol(void *P HF_EXPAND Parameters);                   \
  static decltype(&resolve##Symbol) Real##Symbol = resolve##Symbol;            \
  static void free##Symbol(void *P HF_EXPAND Parameters) {                     \
    (void)(0 HF_EXPAND Arguments);                                             \
    real::Free(P);                                                             \
  }                                                                            \
  static void resolve##Symbol(void *P HF_EXPAND Parameters) {                  \
    void *Found = real::next(#Symbol);                                         \
    /* Racing threads store the same value. */                                 \
    __atomic_store_n(&Real##Symbol,                                            \
                     !Found || onlyFrees(Found)                                \
                         ? free##Symbol                                        \
                         : reinterpret_cast<decltype(Real##Symbol)>(Found),    \
                     __ATOMIC_RELAXED);                                        \
    Real##Symbol(P HF_EXPAND Arguments);                                       \
  }                                                                            \
  static __attribute__((noinline)) void slow##Symbol(                          \
      void *P HF_EXPAND Parameters) {                                          \
    if (!freeIfOurs(                                                           \
            P, {.Callee = HeapFunction::Id HF_EXPAND Told},                    \
            static_cast<const CallerFrame *>(__builtin_frame_address(0))))     \
      Real##Symbol(P HF_EXPAND Arguments);                                     \
  }                                                                            \
  extern "C" __attribute__((visibility("hidden"))) void heapfence##Symbol(     \
      void *P HF_EXPAND Parameters) {                                          \
    return isInWindow(P) ? slow##Symbol(P HF_EXPAND Arguments)                 \
                         : Real##Symbol(P HF_EXPAND Arguments);                \
  }                                                                            \
  extern "C" __attribute__((weak, visibility("default"),                       \
                            alias("heapfence" #Symbol))) void                  \
  Symbol(void *P HF_EXPAND Parameters);

#define HF_DELETES(Id, Symbol)                                                 \
  HF_DELETE(Id, Symbol, (), (), ())                                            \
  HF_DELETE(Id##Nothrow, Symbol##RKSt9nothrow_t, (, const void *T), (, T), ()) \
  HF_DELETE(Id##Sized, Symbol##m, (, size_t N), (, N), (, .Size = N))          \
  HF_DELETE(Id##Aligned, Symbol##St11align_val_t, (, size_t A), (, A),         \
            (, .Alignment = A))                                                \
  HF_DELETE(Id##AlignedNothrow, Symbol##St11align_val_tRKSt9nothrow_t,         \
            (, size_t A, const void *T), (, A, T), (, .Alignment = A))         \
  HF_DELETE(Id##SizedAligned, Symbol##mSt11align_val_t,                        \
            (, size_t N, size_t A), (, N, A), (, .Size = N, .Alignment = A))

HF_DELETES(Delete, _ZdlPv)
HF_DELETES(DeleteArray, _ZdaPv)

namespace heapfence {

const char *findForeignOperators() {
  const char *Replaced = "the program has its own operator new or delete";
  if (&__heapfence_replaces_new || _ZdlPv != heapfence_ZdlPv ||
      _ZdaPv != heapfence_ZdaPv || _ZdlPvm != heapfence_ZdlPvm)
    return Replaced;
  struct {
    const char *Name;
    void (*Ours)(void *);
  } Symbols[] = {{"_ZdlPv", heapfence_ZdlPv}, {"_ZdaPv", heapfence_ZdaPv}};
  for (auto &S : Symbols) {
    void *Found = dlsym(RTLD_DEFAULT, S.Name);
    if (Found && Found != reinterpret_cast<void *>(S.Ours))
      return "another library's operator delete comes first";
  }
  return nullptr;
}

} // namespace heapfence
