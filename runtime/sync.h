// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atomics and the one lock of the runtime, without the C++ library.
// Called from: fast path, slow path, signal handler.

#ifndef HEAPFENCE_SYNC_H
#define HEAPFENCE_SYNC_H

#include <stdint.h>

#if defined(__clang__)
#define HF_THREAD_ANNOTATION(X) __attribute__((X))
#else
#define HF_THREAD_ANNOTATION(X)
#endif
#define HF_CAPABILITY(Name) HF_THREAD_ANNOTATION(capability(Name))
#define HF_GUARDED_BY(L) HF_THREAD_ANNOTATION(guarded_by(L))
#define HF_REQUIRES(L) HF_THREAD_ANNOTATION(requires_capability(L))
#define HF_ACQUIRE() HF_THREAD_ANNOTATION(acquire_capability())
#define HF_TRY_ACQUIRE(R) HF_THREAD_ANNOTATION(try_acquire_capability(R))
#define HF_RELEASE() HF_THREAD_ANNOTATION(release_capability())
#define HF_NO_ANALYSIS HF_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace heapfence {

/// A value read and written by several threads; every use names its order.
/// Zero-initialised in static storage: needs no constructor to run.
template <typename T> class Atomic {
public:
  constexpr Atomic() = default;
  constexpr explicit Atomic(T Initial) : Value(Initial) {}

  T loadRelaxed() const { return load(__ATOMIC_RELAXED); }
  T loadAcquire() const { return load(__ATOMIC_ACQUIRE); }
  T loadSeqCst() const { return load(__ATOMIC_SEQ_CST); }
  void storeRelaxed(T New) { __atomic_store(&Value, &New, __ATOMIC_RELAXED); }
  void storeRelease(T New) { __atomic_store(&Value, &New, __ATOMIC_RELEASE); }
  void storeSeqCst(T New) { __atomic_store(&Value, &New, __ATOMIC_SEQ_CST); }
  T exchangeAcqRel(T New) {
    T Old;
    __atomic_exchange(&Value, &New, &Old, __ATOMIC_ACQ_REL);
    return Old;
  }
  /// Returns: the value before.
  T addRelaxed(T Amount) {
    return __atomic_fetch_add(&Value, Amount, __ATOMIC_RELAXED);
  }
  T addSeqCst(T Amount) {
    return __atomic_fetch_add(&Value, Amount, __ATOMIC_SEQ_CST);
  }
  /// Returns: true if the value was `Expected` and is now `New`; else false
  /// with the value seen in `Expected`.
  bool compareExchangeAcqRel(T &Expected, T New) {
    return __atomic_compare_exchange(&Value, &Expected, &New, /*weak=*/false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }

  /// Where the value is, for who reads it from outside.
  const T *cell() const { return &Value; }

private:
  T load(int Order) const {
    T Result;
    __atomic_load(&Value, &Result, Order);
    return Result;
  }

  T Value = T();
};

inline void cpuRelax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// A lock that nobody ever waits for without bound: who does not get it goes
/// without the work that needs it.
/// Signal-safety: safe; a handler that interrupts the holder fails to get it.
class HF_CAPABILITY("lock") TryLock {
public:
  /// Returns: true if the lock was got within `Spins` attempts.
  [[nodiscard]] bool tryLock(unsigned Spins = 1) HF_TRY_ACQUIRE(true) {
    for (unsigned I = 0; I != Spins; ++I) {
      // Acquire pairs with the release in `unlock`.
      if (!Held.loadRelaxed() && !Held.exchangeAcqRel(true))
        return true;
      cpuRelax();
    }
    return false;
  }
  void unlock() HF_RELEASE() { Held.storeRelease(false); }

private:
  Atomic<bool> Held;
};

} // namespace heapfence

#endif // HEAPFENCE_SYNC_H
