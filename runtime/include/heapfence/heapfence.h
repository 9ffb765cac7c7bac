/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The public interface, for C and C++. Programs need none of it: they are
 * guarded by how they are compiled. Links without the runtime too. */

#ifndef HEAPFENCE_HEAPFENCE_H
#define HEAPFENCE_HEAPFENCE_H

#include <stddef.h>

/** Put on a function's declaration: its heap calls are left as they are. */
#if defined(__clang__)
#define HEAPFENCE_NO_SAMPLE __attribute__((annotate("heapfence:off")))
#else
#define HEAPFENCE_NO_SAMPLE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Tells whether `p` points into guarded memory: to a guarded object, a freed
 * one, or the pages around them. Weak: null without the runtime; call it as
 * `heapfence_is_guarded && heapfence_is_guarded(p)`.
 * Thread-safety: safe. Signal-safety: safe. */
__attribute__((weak)) int heapfence_is_guarded(const void *p);

/** Guards the calling thread's next allocation at an instrumented call, if the
 * pool takes it. Weak, as above.
 * Thread-safety: safe. Signal-safety: safe. */
__attribute__((weak)) void heapfence_guard_next(void);

/** With 0, leaves the calling thread's allocations alone from now on, until
 * called with 1. Objects that are guarded already stay so. Weak, as above.
 * Thread-safety: safe. Signal-safety: safe. */
__attribute__((weak)) void heapfence_thread_enable(int on);

#ifdef __cplusplus
}
#endif

#endif /* HEAPFENCE_HEAPFENCE_H */
