/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * The public interface, for C and C++. Programs need none of it: they are
 * guarded by how they are compiled. Links without the runtime too. */

#ifndef HEAPFENCE_HEAPFENCE_H
#define HEAPFENCE_HEAPFENCE_H

#include <stddef.h>
#include <stdint.h>

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

/* What follows is for crash handlers and for programs that collect their own
 * errors: what is known of an address, and each report as a struct. */

/** Version of the structs below. A later version only adds: members at their
 * ends (`size` tells which are there), and enumerators. */
#define HEAPFENCE_API_VERSION 1

/** What went wrong. */
enum heapfence_error {
  HEAPFENCE_NO_ERROR = 0,
  HEAPFENCE_USE_AFTER_FREE = 1,
  HEAPFENCE_BUFFER_OVERFLOW = 2,
  HEAPFENCE_BUFFER_UNDERFLOW = 3,
  HEAPFENCE_DOUBLE_FREE = 4,
  HEAPFENCE_INVALID_FREE = 5,
  HEAPFENCE_CORRUPTION = 6,         /**< Found later, beside an object. */
  HEAPFENCE_WILD_ACCESS = 7,        /**< To guarded memory without an object. */
  HEAPFENCE_FAMILY_MISMATCH = 8,    /**< malloc against delete, and so on. */
  HEAPFENCE_SIZE_MISMATCH = 9,      /**< Of a sized operator delete, */
  HEAPFENCE_ALIGNMENT_MISMATCH = 10 /**< or an aligned one. */
};

enum heapfence_access {
  HEAPFENCE_UNKNOWN_ACCESS = 0, /**< Or none: a free, or found later. */
  HEAPFENCE_READ = 1,
  HEAPFENCE_WRITE = 2,
  HEAPFENCE_EXECUTE = 3
};

/** What there is at an address. */
enum heapfence_state {
  HEAPFENCE_NOT_GUARDED = 0, /**< Not our memory: nothing is known. */
  HEAPFENCE_NO_OBJECT = 1,   /**< Guarded, but no object is or was nearby. */
  HEAPFENCE_LIVE = 2,        /**< In or beside an object that is alive. */
  HEAPFENCE_FREED = 3        /**< In or beside one that was freed. */
};

/** Where an address lies, seen from the object. */
enum heapfence_relation {
  HEAPFENCE_INSIDE = 0,
  HEAPFENCE_AFTER = 1,
  HEAPFENCE_BEFORE = 2
};

/** A heap call of the program, from the table that the compiler made: needs no
 * debug information. Of inlined calls, the innermost. The strings belong to the
 * module of the call, and go away with it. */
struct heapfence_site {
  const char *file; /**< NULL: not known. */
  const char *function;
  uint32_t line; /**< 0: not known. */
  uint32_t column;
};

#define HEAPFENCE_STACK_FRAMES 16

/** Who did something to an object. */
struct heapfence_stack {
  uint32_t thread; /**< The N of "thread TN" in reports. */
  uint32_t count;  /**< Of `pcs`. 0: nothing is known. */
  /** Innermost first; each is an address inside the call, as in a report. */
  uintptr_t pcs[HEAPFENCE_STACK_FRAMES];
};

/** What is known of an address. Without an object all is 0 that is about one.
 */
struct heapfence_description {
  uint32_t size;        /**< In bytes; see `heapfence_describe`. */
  uint32_t version;     /**< HEAPFENCE_API_VERSION of the runtime. */
  uint32_t state;       /**< An enum heapfence_state, */
  uint32_t relation;    /**< and an enum heapfence_relation. */
  uint64_t distance;    /**< In bytes: into the object, or from its edge. */
  uintptr_t object;     /**< The object's first byte, */
  uint64_t object_size; /**< and its size in bytes, as asked for. */
  uint64_t number;      /**< N of "heapfence-#N": 1 for the first object. */
  uint32_t site;        /**< N of "site N" in reports; UINT32_MAX: none. */
  uint32_t ordinal;     /**< The how-manieth object guarded there. */
  uint32_t execution;   /**< The how-manieth execution of it; 0: not known. */
  uint32_t is_light;    /**< 1: guarded lightly, between canaries. */
  struct heapfence_site allocated_at;
  struct heapfence_site freed_at;
  struct heapfence_stack allocation;
  struct heapfence_stack release; /**< Of the free, if it is complete. */
};

/** Tells what is at `p`: also in the program's own handler of a SIGSEGV. Set
 * `out->size` to sizeof(*out) before; the runtime fills in no more than that,
 * and sets it to what it has filled in.
 * Returns: 1 if `p` points into guarded memory, else 0 (HEAPFENCE_NOT_GUARDED).
 * An object that is being allocated or freed meanwhile may be told as
 * HEAPFENCE_NO_OBJECT. Weak, as above.
 * Thread-safety: safe. Signal-safety: safe; preserves errno. Needs 3 KiB of
 * stack. */
__attribute__((weak)) int heapfence_describe(const void *p,
                                             struct heapfence_description *out);

/** A report. All that it refers to is gone when the callback returns, but for
 * strings of sites. */
struct heapfence_report {
  uint32_t version;      /**< HEAPFENCE_API_VERSION of the runtime. */
  uint32_t size;         /**< In bytes, of this struct in the runtime. */
  uint32_t kind;         /**< An enum heapfence_error, */
  uint32_t access;       /**< and an enum heapfence_access. */
  const char *kind_name; /**< As in the text: "heap-use-after-free". */
  uintptr_t address;     /**< That the report is about. */
  /** The object concerned, and how the address lies to it. NULL: none is. */
  const struct heapfence_description *object;
  uint32_t thread; /**< That made the error, or found it: N of "thread TN". */
  uint32_t pc_count;
  const uintptr_t *pcs;       /**< Its stack, as in heapfence_stack. */
  struct heapfence_site call; /**< The erring call of a free, if it is known. */
  /** The function that was about to do it, and which of its arguments, from 1,
   * told it to. NULL: the program's own code did it. */
  const char *function;
  uint64_t argument;
  const char *text; /**< The raw report in report_style, zero-terminated. */
  uint64_t text_size;
};

typedef void (*heapfence_report_callback)(const struct heapfence_report *report,
                                          void *user);

/** Has `callback` called with each report from now on: once the raw report is
 * written (or could not be), before it is symbolized, and before on_error= ends
 * the program. Not for reports that are suppressed or dropped. NULL: no
 * callback (any more).
 *
 * It is called where the error happened: by the erring thread, for a wrong
 * access in a signal handler on that thread's alternate stack, with
 * asynchronous signals blocked, and locks (of malloc, too) possibly held. It
 * may call only what POSIX calls async-signal-safe, and
 * `heapfence_describe`, `heapfence_is_guarded` and this function; it must
 * return, or end the process (`_exit`, `abort`), not leave by longjmp or an
 * exception. Other threads' reports wait for it. Errors that it makes itself
 * are not reported.
 *
 * Returns: 1; 0 if another thread was reporting all the time (for more than
 * symbolize_timeout_ms): then nothing has changed. Unless called by a callback,
 * it returns when no thread is in the old callback any more. Weak, as above.
 * Thread-safety: safe. Signal-safety: safe. */
__attribute__((weak)) int
heapfence_set_report_callback(heapfence_report_callback callback, void *user);

#ifdef __cplusplus
}
#endif

#endif /* HEAPFENCE_HEAPFENCE_H */
