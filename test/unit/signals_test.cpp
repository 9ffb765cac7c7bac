// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a program that handles its own faults, or dies of them, does
// not do so as it would without the runtime. Each scenario runs twice, with
// and without our handler in front, and must look the same from inside and
// from outside.

#include "child.h"
#include "signals.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <dlfcn.h>
#include <functional>
#include <pthread.h>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace heapfence;

// Not declared in every mode of the C library's headers.
extern "C" sighandler_t bsd_signal(int, sighandler_t) noexcept;
extern "C" sighandler_t sysv_signal(int, sighandler_t) noexcept;

namespace {

size_t pageSize() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

/// The functions by which a program chooses its handlers.
struct Api {
  int (*Sigaction)(int, const struct sigaction *, struct sigaction *);
  sighandler_t (*Signal)(int, sighandler_t);
  sighandler_t (*BsdSignal)(int, sighandler_t);
  sighandler_t (*SysvSignal)(int, sighandler_t);
};

template <typename F> F libc(F, const char *Name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, Name));
}

/// Ours, or those of the C library alone.
Api apiOf(bool IsOurs) {
  Api A = {&sigaction, &signal, &bsd_signal, &sysv_signal};
  if (!IsOurs)
    A = {libc(A.Sigaction, "sigaction"), libc(A.Signal, "signal"),
         libc(A.BsdSignal, "bsd_signal"), libc(A.SysvSignal, "sysv_signal")};
  return A;
}

void forwardAll(int Signal, siginfo_t *Info, void *Context) {
  forwardFault(Signal, Info, Context);
}

// What happens in a scenario, seen by parent and child.

struct Event {
  char What;
  long Values[6];
};

struct Shared {
  std::atomic<unsigned> Count;
  std::atomic<int> Wanted, Sent; ///< Signals from outside.
  Event Events[128];
};

Shared *TheLog;

void note(char What, std::initializer_list<long> Values) {
  const unsigned N = TheLog->Count++;
  if (N >= std::size(TheLog->Events))
    _exit(6);
  Event &E = TheLog->Events[N];
  E = {What, {}};
  std::copy(Values.begin(), Values.end(), E.Values);
}

std::string logText() {
  std::string Result;
  for (unsigned I = 0; I != TheLog->Count; ++I) {
    Result += TheLog->Events[I].What;
    for (long V : TheLog->Events[I].Values)
      Result += ' ' + std::to_string(V);
    Result += '\n';
  }
  return Result;
}

long bitsOf(const sigset_t &Set) {
  long Bits = 0;
  for (int Signal : {SIGKILL, SIGUSR1, SIGUSR2, SIGSEGV, SIGBUS})
    Bits = Bits * 2 + sigismember(&Set, Signal);
  return Bits;
}

long blockedBits() {
  sigset_t Set;
  pthread_sigmask(SIG_BLOCK, nullptr, &Set);
  return bitsOf(Set);
}

// The program under test.

enum class Cause { Fault, Null, Bus, Noncanonical, Raise, Queue, Thread, Kill };
constexpr const char *CauseNames[] = {
    "Fault", "Null", "Bus", "Noncanonical", "Raise", "Queue", "Thread", "Kill"};
enum class Then { Mend, Return, Jump, Exit, FaultAgain };

struct Program {
  Cause Why = Cause::Fault;
  Then What = Then::Mend;
  bool IsDefault = false, IsIgnored = false; ///< Else it has a handler.
  int Flags = 0;
  bool HasMask = false, IsBlocked = false;

  int signalNumber() const { return Why == Cause::Bus ? SIGBUS : SIGSEGV; }
  bool isFault() const { return Why <= Cause::Noncanonical; }
};

Program Now;
volatile char *ClosedPage, *OtherPage, *FilePage;
int FileDescriptor;
sigjmp_buf BeforeCause;
volatile int Calls, Depth;

void mend() {
  if (Now.Why == Cause::Bus) {
    CHILD_CHECK(ftruncate(FileDescriptor, off_t(pageSize())) == 0);
  } else if (Now.Why == Cause::Fault) {
    mprotect(const_cast<char *>(ClosedPage), pageSize(),
             PROT_READ | PROT_WRITE);
  } else if (Now.isFault()) {
    siglongjmp(BeforeCause, 1); // Nothing else mends it.
  }
}

void onSignal(int Signal, const siginfo_t *Info) {
  const bool IsSent = Info && Info->si_code <= 0;
  note('H',
       {Signal, Info ? Info->si_code : -99,
        !Info    ? 0
        : IsSent ? (Info->si_pid == getpid()) + 2 * (Info->si_pid == getppid())
                 : reinterpret_cast<long>(Info->si_addr),
        IsSent && Info->si_code == SI_QUEUE ? Info->si_value.sival_int : 0,
        blockedBits(), Depth});
  Calls = Calls + 1;
  if (Calls > 5)
    _exit(5);
  switch (Now.What) {
  case Then::Return:
    return;
  case Then::Exit:
    _exit(7);
  case Then::Jump:
    siglongjmp(BeforeCause, 1);
  case Then::FaultAgain:
    if (Depth == 0) {
      Depth = 1;
      (void)*OtherPage;
      Depth = 0;
    } else {
      mprotect(const_cast<char *>(OtherPage), pageSize(), PROT_READ);
      return;
    }
    break;
  case Then::Mend:
    break;
  }
  mend();
}

void plainHandler(int Signal) { onSignal(Signal, nullptr); }
void otherHandler(int Signal) { onSignal(Signal, nullptr); }
void infoHandler(int Signal, siginfo_t *Info, void *Context) {
  CHILD_CHECK(Context);
  onSignal(Signal, Info);
}

long idOf(const struct sigaction &A) {
  if (A.sa_handler == SIG_DFL)
    return 0;
  if (A.sa_handler == SIG_IGN)
    return 1;
  if (A.sa_handler == plainHandler)
    return 2;
  if (A.sa_handler == otherHandler)
    return 3;
  return A.sa_sigaction == infoHandler ? 4 : 9;
}

/// The flags that a program chooses; the C library adds one of its own.
constexpr int ProgramFlags =
    int(SA_SIGINFO | SA_RESETHAND | SA_NODEFER | SA_ONSTACK | SA_RESTART);

void noteAction(const Api &A, int Signal) {
  struct sigaction Old = {};
  const int Result = A.Sigaction(Signal, nullptr, &Old);
  note('A', {Signal, Result, idOf(Old), Old.sa_flags & ProgramFlags,
             bitsOf(Old.sa_mask)});
}

void chooseAction(const Api &A) {
  struct sigaction New = {}, Old = {};
  if (Now.IsDefault || Now.IsIgnored)
    New.sa_handler = Now.IsIgnored ? SIG_IGN : SIG_DFL;
  else if (Now.Flags & SA_SIGINFO)
    New.sa_sigaction = infoHandler;
  else
    New.sa_handler = plainHandler;
  New.sa_flags = Now.Flags;
  sigemptyset(&New.sa_mask);
  if (Now.HasMask) {
    sigaddset(&New.sa_mask, SIGUSR1);
    sigaddset(&New.sa_mask, SIGBUS);
  }
  const int Result = A.Sigaction(Now.signalNumber(), &New, &Old);
  note('C', {Result, idOf(Old)});
}

void cause() {
  const int Signal = Now.signalNumber();
  volatile uintptr_t Bad = 0;
  switch (Now.Why) {
  case Cause::Fault:
    (void)*ClosedPage;
    break;
  case Cause::Null:
    (void)*reinterpret_cast<volatile char *>(Bad);
    break;
  case Cause::Bus:
    (void)*FilePage;
    break;
  case Cause::Noncanonical:
    Bad = uintptr_t(1) << 62;
    (void)*reinterpret_cast<volatile char *>(Bad);
    break;
  case Cause::Raise:
    raise(Signal);
    break;
  case Cause::Queue: {
    sigval Value = {};
    Value.sival_int = 1234;
    sigqueue(getpid(), Signal, Value);
    break;
  }
  case Cause::Thread:
    pthread_kill(pthread_self(), Signal);
    break;
  case Cause::Kill:
    for (const int Wanted = ++TheLog->Wanted; TheLog->Sent < Wanted;)
      usleep(100);
    break;
  }
}

void makeUnusable() {
  mprotect(const_cast<char *>(ClosedPage), pageSize(), PROT_NONE);
  CHILD_CHECK(ftruncate(FileDescriptor, 0) == 0);
}

/// Two rounds, for what is different the second time.
void runProgram(const Api &A) {
  sigset_t Mine;
  sigemptyset(&Mine);
  sigaddset(&Mine, Now.signalNumber());
  if (Now.IsBlocked)
    pthread_sigmask(SIG_BLOCK, &Mine, nullptr);
  for (volatile int Round = 0; Round != 2; Round = Round + 1) {
    makeUnusable();
    if (sigsetjmp(BeforeCause, 1) == 0)
      cause();
    note('R', {Round, blockedBits()});
    noteAction(A, Now.signalNumber());
  }
  if (Now.IsBlocked)
    pthread_sigmask(SIG_UNBLOCK, &Mine, nullptr);
  note('E', {blockedBits()});
}

void sendTwice(pid_t Child) {
  if (Now.Why != Cause::Kill)
    return;
  for (int Round = 1; Round != 3; ++Round) {
    while (TheLog->Wanted < Round) {
      siginfo_t End = {};
      waitid(P_PID, id_t(Child), &End, WEXITED | WNOHANG | WNOWAIT);
      if (End.si_pid)
        return; // It wants no more.
      usleep(100);
    }
    kill(Child, SIGSEGV);
    TheLog->Sent = Round;
  }
}

enum class Ours { Absent, Before, After };

/// Everything that can be told of one run.
std::string run(const Program &P, Ours When) {
  Now = P;
  TheLog->Count = 0;
  TheLog->Wanted = TheLog->Sent = 0;
  const int Status = statusOfChild(
      [=] {
        const Api A = apiOf(When != Ours::Absent);
        if (When == Ours::Before)
          CHILD_CHECK(installHandlers(forwardAll, forwardAll));
        chooseAction(A);
        if (When == Ours::After)
          CHILD_CHECK(installHandlers(forwardAll, forwardAll));
        noteAction(A, SIGSEGV);
        noteAction(A, SIGBUS);
        runProgram(A);
      },
      sendTwice);
  return logText() + "exit " +
         std::to_string(WIFEXITED(Status) ? WEXITSTATUS(Status) : -1) +
         " signal " +
         std::to_string(WIFSIGNALED(Status) ? WTERMSIG(Status) : 0) + '\n';
}

void expectSameWithUs(const Program &P) {
  const std::string Without = run(P, Ours::Absent);
  for (Ours When : {Ours::Before, Ours::After})
    EXPECT_EQ(run(P, When), Without)
        << CauseNames[int(P.Why)] << " then " << int(P.What) << " default "
        << P.IsDefault << " ignored " << P.IsIgnored << " flags " << std::hex
        << P.Flags << " mask " << P.HasMask << " blocked " << P.IsBlocked
        << (When == Ours::Before ? " we first" : " program first");
}

class SignalsTest : public testing::TestWithParam<Cause> {
protected:
  static void SetUpTestSuite() {
    const size_t Page = pageSize();
    TheLog = new (mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Shared();
    const auto Map = [=](int Flags, int Fd) {
      return static_cast<char *>(
          mmap(nullptr, Page, Fd < 0 ? PROT_NONE : PROT_READ, Flags, Fd, 0));
    };
    FileDescriptor = memfd_create("signals_test", MFD_CLOEXEC);
    ClosedPage = Map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    OtherPage = Map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    FilePage = Map(MAP_SHARED, FileDescriptor);
  }

  static Program program() {
    Program P;
    P.Why = GetParam();
    return P;
  }
};

TEST_P(SignalsTest, DefaultAction) {
  for (bool IsBlocked : {false, true}) {
    Program P = program();
    P.IsDefault = true;
    P.IsBlocked = IsBlocked;
    expectSameWithUs(P);
  }
}

TEST_P(SignalsTest, Ignored) {
  for (bool IsBlocked : {false, true}) {
    Program P = program();
    P.IsIgnored = true;
    P.IsBlocked = IsBlocked;
    expectSameWithUs(P);
  }
}

TEST_P(SignalsTest, EveryHandler) {
  for (Then What :
       {Then::Mend, Then::Return, Then::Jump, Then::Exit, Then::FaultAgain})
    for (bool HasMask : {false, true})
      for (int Info : {0, SA_SIGINFO})
        for (int Reset : {0, int(SA_RESETHAND)})
          for (int NoDefer : {0, SA_NODEFER}) {
            Program P = program();
            P.What = What;
            P.HasMask = HasMask;
            P.Flags = Info | Reset | NoDefer;
            expectSameWithUs(P);
          }
}

TEST_P(SignalsTest, HandlerOfABlockedSignal) {
  for (int Info : {0, SA_SIGINFO}) {
    Program P = program();
    P.Flags = Info;
    P.IsBlocked = true;
    expectSameWithUs(P);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Causes, SignalsTest,
    testing::Values(Cause::Fault, Cause::Null, Cause::Bus, Cause::Noncanonical,
                    Cause::Raise, Cause::Queue, Cause::Thread, Cause::Kill),
    [](const auto &Info) { return CauseNames[int(Info.param)]; });

// What the calls tell.

using Step = std::function<void(const Api &)>;

void noteHandler(const Api &A, int Signal, sighandler_t Old) {
  struct sigaction Returned = {};
  Returned.sa_handler = Old;
  note('S', {Signal, Old == SIG_ERR ? -1 : idOf(Returned),
             Old == SIG_ERR ? errno : 0});
  if (Old != SIG_ERR)
    noteAction(A, Signal);
}

Step bySignal(int Signal, sighandler_t Handler) {
  return
      [=](const Api &A) { noteHandler(A, Signal, A.Signal(Signal, Handler)); };
}
Step byBsdSignal(int Signal, sighandler_t Handler) {
  return [=](const Api &A) {
    noteHandler(A, Signal, A.BsdSignal(Signal, Handler));
  };
}
Step bySysvSignal(int Signal, sighandler_t Handler) {
  return [=](const Api &A) {
    noteHandler(A, Signal, A.SysvSignal(Signal, Handler));
  };
}

Step bySigaction(int Signal, int Flags, std::vector<int> Mask) {
  return [=](const Api &A) {
    struct sigaction New = {}, Old = {};
    if (Flags & SA_SIGINFO)
      New.sa_sigaction = infoHandler;
    else
      New.sa_handler = plainHandler;
    New.sa_flags = Flags;
    for (int M : Mask)
      sigaddset(&New.sa_mask, M);
    errno = 0;
    const int Result = A.Sigaction(Signal, &New, &Old);
    note('N', {Signal, Result, Result ? errno : 0, idOf(Old),
               Old.sa_flags & ProgramFlags, bitsOf(Old.sa_mask)});
    if (!Result)
      noteAction(A, Signal);
  };
}

/// Looked up by name: it is deprecated.
Step interruptible(int Signal, int Flag) {
  return [=](const Api &) {
    reinterpret_cast<int (*)(int, int)>(dlsym(RTLD_DEFAULT, "siginterrupt"))(
        Signal, Flag);
  };
}

const std::vector<Step> AllSteps = {
    bySignal(SIGSEGV, plainHandler),
    bySignal(SIGSEGV, otherHandler),
    bySignal(SIGBUS, otherHandler),
    bySignal(SIGSEGV, SIG_IGN),
    bySignal(SIGSEGV, SIG_DFL),
    bySigaction(SIGSEGV, SA_SIGINFO | int(SA_RESETHAND), {SIGUSR1}),
    bySigaction(SIGSEGV, SA_ONSTACK | SA_RESTART, {SIGUSR2, SIGSEGV}),
    bySigaction(SIGSEGV, SA_NODEFER, {SIGKILL, SIGSTOP, SIGUSR1}),
    bySysvSignal(SIGSEGV, plainHandler),
    byBsdSignal(SIGSEGV, otherHandler),
    bySysvSignal(SIGBUS, SIG_DFL),
    bySignal(SIGSEGV, SIG_ERR),
    bySysvSignal(SIGSEGV, SIG_ERR),
    bySigaction(SIGUSR1, SA_RESTART, {}),
    bySignal(SIGUSR1, otherHandler),
    interruptible(SIGUSR1, 1),
    bySignal(SIGUSR1, plainHandler),
    byBsdSignal(SIGUSR1, otherHandler),
    interruptible(SIGUSR1, 0),
    bySignal(SIGUSR1, plainHandler),
    bySysvSignal(SIGUSR1, SIG_IGN),
    bySigaction(SIGKILL, 0, {}),
    bySignal(SIGKILL, plainHandler),
    bySigaction(0, 0, {}),
    bySigaction(-1, 0, {}),
    bySigaction(65, 0, {}),
    bySigaction(32, 0, {}), // The C library's own.
    bySignal(0, plainHandler),
    bySignal(65, plainHandler),
    bySignal(SIGUSR2, SIG_ERR),
};

class SignalCalls : public SignalsTest {};

TEST_F(SignalCalls, TellTheSameAsWithoutUs) {
  const auto Run = [](size_t InstallAt) {
    TheLog->Count = 0;
    EXPECT_EQ(0, statusOfChild([=] {
                const Api A = apiOf(InstallAt <= AllSteps.size());
                for (size_t I = 0; I != AllSteps.size(); ++I) {
                  if (I == InstallAt)
                    CHILD_CHECK(installHandlers(forwardAll, forwardAll));
                  AllSteps[I](A);
                }
              }));
    return logText();
  };
  const std::string Without = Run(AllSteps.size() + 1);
  for (size_t InstallAt : {0, 1, 3, 6, 9, 11})
    EXPECT_EQ(Run(InstallAt), Without) << InstallAt;
}

// Our handler itself.

TEST_F(SignalCalls, OursStaysInFront) {
  expectChildPasses([] {
    static volatile int Ours = 0;
    FaultHandler Count = [](int S, siginfo_t *I, void *C) {
      Ours = Ours + 1;
      forwardFault(S, I, C);
    };
    CHILD_CHECK(installHandlers(Count, forwardAll));
    Now.What = Then::Return;
    signal(SIGSEGV, plainHandler);
    raise(SIGSEGV);
    struct sigaction New = {};
    New.sa_sigaction = infoHandler;
    New.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &New, nullptr);
    raise(SIGSEGV);
    signal(SIGBUS, otherHandler);
    raise(SIGBUS);
    CHILD_CHECK(Ours == 3 && Calls == 3);
  });
}

TEST_F(SignalCalls, OursGetsTheFaultAndMayMendIt) {
  expectChildPasses([] {
    static volatile int Ours = 0;
    FaultHandler Handler = [](int S, siginfo_t *I, void *C) {
      Ours = Ours + 1;
      if (S == SIGSEGV && C && I->si_addr == ClosedPage)
        mprotect(const_cast<char *>(ClosedPage), pageSize(), PROT_READ);
      else
        forwardFault(S, I, C);
    };
    CHILD_CHECK(installHandlers(Handler, forwardAll));
    signal(SIGSEGV, plainHandler);
    CHILD_CHECK(*ClosedPage == 0);
    CHILD_CHECK(Ours == 1 && Calls == 0);
  });
}

TEST_F(SignalCalls, ARefusedInstallationChangesNothing) {
  expectChildPasses([] {
    const Api Libc = apiOf(/*IsOurs=*/false);
    Libc.Signal(SIGSEGV, plainHandler);
    if (!refuseSystemCall(SYS_rt_sigaction, 0, SIGBUS, EPERM))
      _exit(0);
    CHILD_CHECK(!installHandlers(forwardAll, forwardAll));
    struct sigaction Old = {};
    CHILD_CHECK(Libc.Sigaction(SIGSEGV, nullptr, &Old) == 0 && idOf(Old) == 2);
    CHILD_CHECK(sigaction(SIGSEGV, nullptr, &Old) == 0 && idOf(Old) == 2);
  });
}

TEST_F(SignalCalls, AFaultInOursReachesIt) {
  expectChildPasses([] {
    static volatile int Level = 0;
    FaultHandler Handler = [](int, siginfo_t *I, void *) {
      Level = Level + 1;
      if (Level == 1)
        (void)*OtherPage;
      mprotect(I->si_addr, pageSize(), PROT_READ);
    };
    CHILD_CHECK(installHandlers(Handler, forwardAll));
    CHILD_CHECK(*ClosedPage == 0);
    CHILD_CHECK(Level == 2);
  });
}

TEST_F(SignalCalls, OnTheAlternateStackIfThereIsOne) {
  expectChildPasses([] {
    static char Stack[1 << 16];
    static bool IsOnStack;
    const auto Note = [](int, siginfo_t *I, void *) {
      const char Local = 0;
      IsOnStack = &Local >= Stack && &Local < Stack + sizeof(Stack);
      mprotect(I->si_addr, pageSize(), PROT_READ);
    };
    CHILD_CHECK(installHandlers(Note, forwardAll));
    CHILD_CHECK(*ClosedPage == 0 && !IsOnStack);
    stack_t New = {};
    New.ss_sp = Stack;
    New.ss_size = sizeof(Stack);
    CHILD_CHECK(sigaltstack(&New, nullptr) == 0);
    CHILD_CHECK(*OtherPage == 0 && IsOnStack);
  });
}

TEST_F(SignalCalls, ChangedWhileOtherThreadsFault) {
  expectChildPasses([] {
    CHILD_CHECK(installHandlers(forwardAll, forwardAll));
    static std::atomic<unsigned> Plain, Info, Wrong;
    struct sigaction WithInfo = {}, Without = {};
    WithInfo.sa_sigaction = [](int S, siginfo_t *I, void *C) {
      ++(S == SIGSEGV && I && C ? Info : Wrong);
    };
    WithInfo.sa_flags = SA_SIGINFO;
    Without.sa_handler = [](int S) { ++(S == SIGSEGV ? Plain : Wrong); };
    sigaction(SIGSEGV, &WithInfo, nullptr);
    std::atomic<bool> IsDone = false;
    std::thread Changer([&] {
      while (!IsDone) {
        sigaction(SIGSEGV, &Without, nullptr);
        sigaction(SIGSEGV, &WithInfo, nullptr);
      }
    });
    constexpr unsigned Rounds = 30'000;
    std::vector<std::thread> Crew;
    for (int T = 0; T != 2; ++T)
      Crew.emplace_back([] {
        for (unsigned I = 0; I != Rounds; ++I)
          pthread_kill(pthread_self(), SIGSEGV);
      });
    for (std::thread &T : Crew)
      T.join();
    IsDone = true;
    Changer.join();
    CHILD_CHECK(Wrong == 0);
    CHILD_CHECK(Plain + Info == 2 * Rounds);
    CHILD_CHECK(Plain && Info);
  });
}

} // namespace
