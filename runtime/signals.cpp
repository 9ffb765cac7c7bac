// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keeps the fault handler first, whatever the program installs.

#include "signals.h"
#include "real.h"
#include "sync.h"

#include <errno.h>
#include <stddef.h>

namespace heapfence {

namespace {

/// The action that the program believes to be in force for one signal. Kept
/// twice: the handler reads one copy while a sigaction call writes the other.
struct ProgramAction {
  int Signal;
  struct sigaction Copies[2];
  Atomic<unsigned> Current; ///< Index of the valid copy (release/acquire).

  const struct sigaction &get() const { return Copies[Current.loadAcquire()]; }
  void set(const struct sigaction &New) {
    unsigned Other = Current.loadRelaxed() ^ 1;
    Copies[Other] = New;
    Current.storeRelease(Other);
  }
};

ProgramAction Actions[] = {{SIGSEGV, {}, {}},
                           {SIGBUS, {}, {}},
                           {SIGABRT, {}, {}},
                           {SIGILL, {}, {}},
                           {SIGFPE, {}, {}}};
Atomic<bool> IsInstalled;

ProgramAction *actionOf(int Signal) {
  if (!IsInstalled.loadAcquire())
    return nullptr;
  for (ProgramAction &A : Actions)
    if (A.Signal == Signal)
      return &A;
  return nullptr;
}

/// A signal that was sent by somebody: unlike a fault, it does not recur.
bool isSent(const siginfo_t &Info) { return Info.si_code <= 0; }

bool isIgnored(const struct sigaction &A, const siginfo_t &Info) {
  // The kernel does not let a program ignore a fault.
  return A.sa_handler == SIG_IGN && isSent(Info);
}

bool isDefault(const struct sigaction &A) {
  return A.sa_handler == SIG_DFL || A.sa_handler == SIG_IGN;
}

struct sigaction defaultAction() {
  struct sigaction A = {};
  A.sa_handler = SIG_DFL;
  return A;
}

/// sigaction for the program. For our signals the kernel is not asked: the
/// handler in front stays as it is.
int changeAction(int Signal, const struct sigaction *New,
                 struct sigaction *Old) {
  ProgramAction *A = actionOf(Signal);
  if (!A)
    return real::Sigaction(Signal, New, Old);
  struct sigaction Previous = A->get();
  if (New) {
    struct sigaction Wanted = *New;
    sigdelset(&Wanted.sa_mask, SIGKILL);
    sigdelset(&Wanted.sa_mask, SIGSTOP);
    A->set(Wanted);
  }
  if (Old)
    *Old = Previous;
  return 0;
}

/// signal() with the given flags.
sighandler_t changeHandler(int Signal, sighandler_t Handler, int Flags) {
  struct sigaction New = {}, Old;
  New.sa_handler = Handler;
  New.sa_flags = Flags;
  sigemptyset(&New.sa_mask);
  if (!(Flags & SA_NODEFER))
    sigaddset(&New.sa_mask, Signal);
  if (Handler == SIG_ERR) {
    errno = EINVAL;
    return SIG_ERR;
  }
  return changeAction(Signal, &New, &Old) ? SIG_ERR : Old.sa_handler;
}

/// signal(). For signals that are not ours the C library's own, which knows
/// what siginterrupt was told.
sighandler_t changeBsdHandler(int Signal, sighandler_t Handler) {
  return actionOf(Signal) ? changeHandler(Signal, Handler, SA_RESTART)
                          : real::Signal(Signal, Handler);
}

} // namespace

bool installHandlers(FaultHandler Fault, FaultHandler Crash) {
  struct sigaction Ours = {};
  // On the alternate stack where there is one. Not deferred: a second fault in
  // the handler must reach it, not kill the process unseen.
  Ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
  sigemptyset(&Ours.sa_mask);
  for (ProgramAction &A : Actions) {
    bool IsFault = A.Signal == SIGSEGV || A.Signal == SIGBUS;
    Ours.sa_sigaction = IsFault ? Fault : Crash;
    if (real::Sigaction(A.Signal, &Ours, &A.Copies[0])) {
      for (ProgramAction *Done = Actions; Done != &A; ++Done)
        real::Sigaction(Done->Signal, &Done->Copies[0], nullptr);
      return false;
    }
  }
  IsInstalled.storeRelease(true);
  return true;
}

bool isLethal(int Signal, const siginfo_t &Info) {
  ProgramAction *A = actionOf(Signal);
  return A && isDefault(A->get()) && !isIgnored(A->get(), Info);
}

void forwardFault(int Signal, siginfo_t *Info, void *Context) {
  ProgramAction *A = actionOf(Signal);
  struct sigaction Action = A ? A->get() : defaultAction();
  if (isIgnored(Action, *Info))
    return;
  if (isDefault(Action)) {
    struct sigaction Default = defaultAction();
    real::Sigaction(Signal, &Default, nullptr);
    // A fault recurs; what was sent has to be sent again.
    if (isSent(*Info))
      raise(Signal);
    return;
  }
  if (Action.sa_flags & SA_RESETHAND) {
    struct sigaction Reset = Action;
    Reset.sa_handler = SIG_DFL;
    A->set(Reset);
  }
  sigset_t Blocked = Action.sa_mask, Before;
  if (!(Action.sa_flags & SA_NODEFER))
    sigaddset(&Blocked, Signal);
  pthread_sigmask(SIG_BLOCK, &Blocked, &Before);
  if (Action.sa_flags & SA_SIGINFO)
    Action.sa_sigaction(Signal, Info, Context);
  else
    Action.sa_handler(Signal);
  pthread_sigmask(SIG_SETMASK, &Before, nullptr);
}

} // namespace heapfence

// The program's calls. Weak: a definition of its own wins, and then ours is
// simply not in front of what it installs.
#define HF_INTERPOSED extern "C" __attribute__((weak, visibility("default")))

HF_INTERPOSED int sigaction(int Signal, const struct sigaction *New,
                            struct sigaction *Old) noexcept {
  return heapfence::changeAction(Signal, New, Old);
}

HF_INTERPOSED sighandler_t signal(int Signal, sighandler_t Handler) noexcept {
  return heapfence::changeBsdHandler(Signal, Handler);
}

HF_INTERPOSED sighandler_t bsd_signal(int Signal,
                                      sighandler_t Handler) noexcept {
  return heapfence::changeBsdHandler(Signal, Handler);
}

HF_INTERPOSED sighandler_t sysv_signal(int Signal,
                                       sighandler_t Handler) noexcept {
  return heapfence::changeHandler(Signal, Handler,
                                  static_cast<int>(SA_RESETHAND | SA_NODEFER));
}

HF_INTERPOSED sighandler_t __sysv_signal(int Signal,
                                         sighandler_t Handler) noexcept {
  return heapfence::changeHandler(Signal, Handler,
                                  static_cast<int>(SA_RESETHAND | SA_NODEFER));
}
