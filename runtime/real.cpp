// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Looks up the functions behind the interposed ones.

#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

namespace heapfence {
namespace real {

static __thread bool IsResolving __attribute__((tls_model("initial-exec")));

void *next(const char *Symbol) {
  // The lookup may itself call a function that is being looked up.
  bool WasResolving = IsResolving;
  IsResolving = true;
  void *Found = WasResolving ? nullptr : dlsym(RTLD_NEXT, Symbol);
  IsResolving = WasResolving;
  return Found;
}

template <typename F> static F resolve(F &Cell, const char *Symbol) {
  F Found = reinterpret_cast<F>(next(Symbol));
  // Racing threads store the same value.
  if (Found)
    __atomic_store_n(&Cell, Found, __ATOMIC_RELAXED);
  return Found;
}

static void resolveFree(void *P) {
  if (auto F = resolve(Free, "free"))
    F(P);
  // Within its own lookup: lost rather than given to the wrong allocator.
}

static void *resolveRealloc(void *P, size_t Size) {
  if (auto F = resolve(Realloc, "realloc"))
    return F(P, Size);
  errno = ENOMEM;
  return nullptr;
}

static void *resolveReallocArray(void *P, size_t Count, size_t Size) {
  if (auto F = resolve(ReallocArray, "reallocarray"))
    return F(P, Count, Size);
  // Older C libraries and allocators do not have it.
  size_t Bytes;
  if (__builtin_mul_overflow(Count, Size, &Bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return Realloc(P, Bytes);
}

static size_t resolveUsableSize(void *P) {
  auto F = resolve(UsableSize, "malloc_usable_size");
  return F ? F(P) : 0;
}

static int resolveSigaction(int Signal, const struct sigaction *New,
                            struct sigaction *Old) {
  if (auto F = resolve(Sigaction, "sigaction"))
    return F(Signal, New, Old);
  errno = EINVAL;
  return -1;
}

static sighandler_t resolveSignal(int Number, sighandler_t Handler) {
  if (auto F = resolve(Signal, "signal"))
    return F(Number, Handler);
  errno = EINVAL;
  return SIG_ERR;
}

void (*Free)(void *) = resolveFree;
void *(*Realloc)(void *, size_t) = resolveRealloc;
void *(*ReallocArray)(void *, size_t, size_t) = resolveReallocArray;
size_t (*UsableSize)(void *) = resolveUsableSize;
int (*Sigaction)(int, const struct sigaction *,
                 struct sigaction *) = resolveSigaction;
sighandler_t (*Signal)(int, sighandler_t) = resolveSignal;

} // namespace real
} // namespace heapfence
