// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The thread that opens static branches.

#include "ticker.h"
#include "branch.h"
#include "choice.h"
#include "clock.h"
#include "control.h"
#include "reporter.h"
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace heapfence {

Atomic<bool> IsTickerMissing;

namespace {

Atomic<bool> IsTickerRunning;

/// Of the CPU time of the process: one that is idle is not woken. A tick takes
/// some 20 us; while nothing may be guarded it only sees whether that has
/// changed.
constexpr int64_t TickNs = 100'000'000, IdleTickNs = 500'000'000;

/// What a tick costs before it can read the clock: the wake.
constexpr uint64_t WakeNs = 3000;

constexpr size_t StackBytes = 64 * 1024, UsualStackBytes = 8 << 20;

void sleepCpu(int64_t Ns) {
  struct timespec T = {0, static_cast<long>(Ns)};
  int Error = clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &T, nullptr);
  if (Error && Error != EINTR)
    nanosleep(&T, nullptr); // A system without it: by the wall clock.
}

void tick() {
  if (isControlTurned())
    applyControl();
  Budget &Time = TheRuntime.Time;
  if (Time.isRefillDue(arch::cycles()))
    refillBudget();
  Gates &Branches = TheRuntime.Branches;
  Branches.followMode();
  Branches.openNext();
}

void *run(void *) {
  prctl(PR_SET_NAME, "heapfence");
  uint64_t ChargedNs = clockNs(CLOCK_THREAD_CPUTIME_ID);
  for (;;) {
    sleepCpu(Gates::isIdle() ? IdleTickNs : TickNs);
    tick();
    uint64_t Now = clockNs(CLOCK_THREAD_CPUTIME_ID);
    TheRuntime.Time.chargeCpu(Now - ChargedNs + WakeNs);
    ChargedNs = Now;
  }
  return nullptr;
}

/// Starts a thread that no signal is delivered to. Returns: false if it cannot.
bool startThread(void *(*Body)(void *)) {
  sigset_t All, Saved;
  sigfillset(&All);
  pthread_attr_t Attributes;
  if (pthread_attr_init(&Attributes))
    return false;

  pthread_attr_setdetachstate(&Attributes, PTHREAD_CREATE_DETACHED);
  // Not those that the C library needs for setuid: it keeps them out.
  pthread_sigmask(SIG_SETMASK, &All, &Saved);
  pthread_t Thread;
  auto Start = [&] {
    return pthread_create(&Thread, &Attributes, Body, nullptr) == 0;
  };
  // The program's thread-local variables lie on the stack, too: where they do
  // not fit it has the usual size.
  bool IsStarted =
      (pthread_attr_setstacksize(&Attributes, StackBytes) == 0 && Start()) ||
      (pthread_attr_setstacksize(&Attributes, UsualStackBytes) == 0 && Start());
  pthread_sigmask(SIG_SETMASK, &Saved, nullptr);
  pthread_attr_destroy(&Attributes);
  return IsStarted;
}

/// Ends the process with its last thread, as the C library does where ours do
/// not count: when the main thread's remains, the ticker and this one are left.
void *endWithLast(void *) {
  constexpr nlink_t Own = 2, Threads = 3;
  struct stat Tasks;
  do {
    constexpr struct timespec Pause = {0, 50'000'000};
    nanosleep(&Pause, nullptr);
  } while (stat("/proc/self/task", &Tasks) || Tasks.st_nlink != Own + Threads);
  exit(0);
}

/// Has `endWithLast` run if the calling thread is the main one and ends by
/// pthread_exit.
void watchMainThread() {
  static pthread_key_t Key;
  static Atomic<bool> HasKey;
  if (gettid() != getpid())
    return;
  if (!HasKey.loadAcquire()) {
    if (pthread_key_create(&Key, [](void *) { startThread(endWithLast); }))
      return;
    HasKey.storeRelease(true);
  }
  pthread_setspecific(Key, &Key);
}

} // namespace

void startTicker() {
  if (IsTickerRunning.exchangeAcqRel(true))
    return;
  int SavedErrno = errno;
  IsTickerMissing.storeRelaxed(false);
  watchMainThread();
  if (!startThread(run))
    sayLine(
        "no thread can be started: static branches that are closed stay so");
  errno = SavedErrno;
}

void forgetTicker() {
  watchMainThread();
  IsTickerRunning.storeRelaxed(false);
  IsTickerMissing.storeRelaxed(true);
}

} // namespace heapfence
