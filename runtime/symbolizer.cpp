// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Starts the heapfence tool without allocation, locks or a copied process.

#include "symbolizer.h"
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef HF_SYMBOLIZER_PATHS
#define HF_SYMBOLIZER_PATHS "/usr/local/bin/heapfence:/usr/bin/heapfence"
#endif

namespace heapfence {

namespace {

constexpr size_t MaxPath = 4096;
constexpr size_t MaxEnvironment = 1024;
constexpr size_t ChildStackBytes = 16 * 1024;

char ToolPath[MaxPath];
char *ChildEnvironment[MaxEnvironment];
alignas(16) char ChildStacks[2][ChildStackBytes];

bool isExecutable(const char *Path) { return access(Path, X_OK) == 0; }

bool setToolPath(const char *Directory, size_t Size, const char *Name) {
  size_t NameSize = strlen(Name);
  if (Size + NameSize >= MaxPath)
    return false;
  memcpy(ToolPath, Directory, Size);
  memcpy(ToolPath + Size, Name, NameSize + 1);
  return isExecutable(ToolPath);
}

/// Tries each of `List`, separated by ':', with `Suffix` appended.
bool findIn(const char *List, const char *Suffix) {
  while (List && *List) {
    size_t Size = strcspn(List, ":");
    // An empty or relative entry would depend on the working directory.
    if (*List == '/' && setToolPath(List, Size, Suffix))
      return true;
    List += Size;
    List += *List == ':';
  }
  return false;
}

const char *environmentValue(const char *Name) {
  size_t Size = strlen(Name);
  for (char **E = environ; E && *E; ++E)
    if (strncmp(*E, Name, Size) == 0 && (*E)[Size] == '=')
      return *E + Size + 1;
  return nullptr;
}

bool findTool() {
  const char *Given = TheOptions.symbolizer_path;
  if (*Given)
    return setToolPath(Given, strlen(Given), "");
  return findIn(HF_SYMBOLIZER_PATHS, "") ||
         findIn(environmentValue("PATH"), "/heapfence");
}

/// The environment without what would load or steer a runtime in the tool.
void copyEnvironment() {
  size_t Count = 0;
  for (char **E = environ; E && *E && Count + 1 != MaxEnvironment; ++E)
    if (strncmp(*E, "LD_PRELOAD=", 11) && strncmp(*E, "HEAPFENCE_", 10))
      ChildEnvironment[Count++] = *E;
  ChildEnvironment[Count] = nullptr;
}

/// A file in memory that holds the report, at its start.
int fileWith(const char *Data, size_t Size) {
  int Fd = static_cast<int>(
      syscall(SYS_memfd_create, "heapfence-report", 1u /*MFD_CLOEXEC*/));
  if (Fd < 0)
    return -1;
  if (writeAll(Fd, Data, Size) && lseek(Fd, 0, SEEK_SET) == 0)
    return Fd;
  close(Fd);
  return -1;
}

/// What the helper processes need, in memory that they share with us.
struct Plan {
  int Report;         ///< The tool's standard input,
  int Output;         ///< its standard output,
  int Status;         ///< and where it writes one digit, its exit status.
  pid_t Tool;         ///< Set once the tool runs.
  bool HasExitSignal; ///< The helpers', see `startHelper`.
};

/// Room for the digits of any descriptor after the option's name.
char StatusArgument[] = "--status-fd=0000000000";

/// `Fd` under a number above those of the standard streams.
int movedUp(int Fd) { return fcntl(Fd, F_DUPFD, 3); }

/// The second helper: becomes the tool. System calls only.
int becomeTool(void *Data) {
  const auto *P = static_cast<const Plan *>(Data);
  int Report = movedUp(P->Report), Output = movedUp(P->Output);
  int Status = movedUp(P->Status);
  int Null = movedUp(open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (Status < 0 || dup2(Report, 0) < 0 || dup2(Output, 1) < 0 ||
      dup2(Null, 2) < 0)
    _exit(127);
  constexpr size_t NameSize = sizeof("--status-fd=") - 1;
  Writer Digits(StatusArgument + NameSize, sizeof(StatusArgument) - NameSize);
  Digits.dec(uint64_t(Status)).text();
  sigset_t None;
  sigemptyset(&None);
  sigprocmask(SIG_SETMASK, &None, nullptr);
  static char Name[] = "heapfence", Command[] = "symbolize";
  static char Mode[] = "--after-raw";
  char *Arguments[] = {Name, Command, Mode, StatusArgument, nullptr};
  execve(ToolPath, Arguments, ChildEnvironment);
  _exit(127);
}

/// Starts `Run` in a process that shares our memory, and waits until that has
/// ended or become a program. qemu-user has none such: there it is a process
/// like those of fork, whose end is told by a signal.
pid_t startHelper(int (*Run)(void *), char (&Stack)[ChildStackBytes], Plan *P) {
  char *Top = Stack + ChildStackBytes;
  pid_t Helper = clone(Run, Top, CLONE_VM | CLONE_VFORK, P);
  if (Helper >= 0 || errno != EINVAL)
    return Helper;
  P->HasExitSignal = true;
  return clone(Run, Top, SIGCHLD, P);
}

/// The first helper: its end leaves the tool without a parent among us.
int startToolAndLeave(void *Data) {
  auto *P = static_cast<Plan *>(Data);
  P->Tool = startHelper(becomeTool, ChildStacks[1], P);
  _exit(P->Tool > 0 ? 0 : 127);
}

/// Takes the exit signal of a helper away.
void forgetChildSignal() {
  sigset_t Child;
  sigemptyset(&Child);
  sigaddset(&Child, SIGCHLD);
  const struct timespec Now = {0, 0};
  sigtimedwait(&Child, nullptr, &Now);
}

/// Returns: true if the tool was started.
bool startTool(Plan *P) {
  // No handler of ours may run in a helper while it shares our memory.
  sigset_t All, Before, Pending;
  sigfillset(&All);
  pthread_sigmask(SIG_SETMASK, &All, &Before);
  sigpending(&Pending);
  pid_t Helper = startHelper(startToolAndLeave, ChildStacks[0], P);
  // As a rule it has no exit signal, so only this wait finds it.
  while (Helper > 0 && waitpid(Helper, nullptr, __WALL) < 0 && errno == EINTR)
    ;
  // The signal of a child of the program's own stays.
  if (P->HasExitSignal && !sigismember(&Pending, SIGCHLD))
    forgetChildSignal();
  pthread_sigmask(SIG_SETMASK, &Before, nullptr);
  return Helper > 0 && P->Tool > 0;
}

uint64_t nowMs() {
  struct timespec T;
  clock_gettime(CLOCK_MONOTONIC, &T);
  return uint64_t(T.tv_sec) * 1000 + uint64_t(T.tv_nsec) / 1000000;
}

/// Waits for the tool's digit. Returns: true if it came in time and is 0; not
/// if the tool ended without one, which closes the pipe.
bool waitForStatus(int Fd) {
  uint64_t Deadline = nowMs() + TheOptions.symbolize_timeout_ms;
  for (uint64_t Now = nowMs(); Now < Deadline; Now = nowMs()) {
    struct pollfd P = {Fd, POLLIN, 0};
    int Ready = poll(&P, 1, static_cast<int>(Deadline - Now));
    char Digit = 0;
    if (Ready > 0)
      return read(Fd, &Digit, 1) == 1 && Digit == '0';
    if (Ready < 0 && errno != EINTR)
      return false;
  }
  return false;
}

/// Returns: true if the tool wrote the symbolized report to `P.Output`.
bool runTool(Plan &P) {
  int Status[2];
  if (pipe2(Status, O_CLOEXEC))
    return false;
  P.Status = Status[1];
  bool IsStarted = startTool(&P);
  close(Status[1]);
  bool Ok = IsStarted && waitForStatus(Status[0]);
  if (IsStarted && !Ok)
    kill(P.Tool, SIGKILL);
  close(Status[0]);
  return Ok;
}

/// The same for the report in `Input`.
bool runToolOn(int Input, int Output) {
  void *Shared = mmap(nullptr, sizeof(Plan), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (Shared == MAP_FAILED)
    return false;
  auto *P = static_cast<Plan *>(Shared);
  *P = {Input, Output, -1, 0, false};
  bool Ok = runTool(*P);
  munmap(Shared, sizeof(Plan));
  return Ok;
}

} // namespace

/// Markup is for other tools.
static bool isAskedFor() {
  return TheOptions.symbolize && !getauxval(AT_SECURE) &&
         TheOptions.report_style != ReportStyle::Markup;
}

bool symbolizeReport(const char *Report, size_t Size, int Fd) {
  int SavedErrno = errno;
  bool Ok = false;
  if (isAskedFor() && findTool()) {
    copyEnvironment();
    int Input = fileWith(Report, Size);
    Ok = Input >= 0 && runToolOn(Input, Fd);
    if (Input >= 0)
      close(Input);
  }
  errno = SavedErrno;
  return Ok;
}

} // namespace heapfence
