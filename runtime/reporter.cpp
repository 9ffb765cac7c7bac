// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where reports go.

#include "reporter.h"
#include "counters.h"
#include "runtime.h"
#include "symbolizer.h"
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace heapfence {

namespace {

constexpr size_t MaxReportBytes = 64 * 1024;
/// Above the descriptors that programs count on getting.
constexpr int HighDescriptor = 200;

Atomic<bool> IsTaken;
constinit Report TheReport = {};
char Text[MaxReportBytes];

/// A copy of the standard error of the start, and which file it was.
int StartLog = -1;
struct stat StartLogFile;

void pauseMs(unsigned Ms) {
  struct timespec T = {0, long(Ms) * 1000000};
  nanosleep(&T, nullptr);
}

bool waitForTurn() {
  uint64_t Patience = TheRuntime.Knobs.symbolize_timeout_ms + 1000;
  for (uint64_t Waited = 0; IsTaken.exchangeAcqRel(true); ++Waited) {
    if (Waited == Patience)
      return false;
    pauseMs(1);
  }
  return true;
}

int openLogFile() {
  BufferedWriter<MaxOptionPath + 24> Path;
  Path << TheRuntime.Knobs.log_path << '.';
  Path.dec(uint64_t(getpid()));
  // Appending: several reports, and the symbolizer's part, go to one file.
  return open(Path.text(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
              0600);
}

bool isSameFile(int Fd, const struct stat &Known) {
  struct stat Now;
  return fstat(Fd, &Now) == 0 && Now.st_dev == Known.st_dev &&
         Now.st_ino == Known.st_ino;
}

/// The descriptor to write to, and whether to close it afterwards.
class Log {
public:
  Log() {
    if (*TheRuntime.Knobs.log_path) {
      Fd = openLogFile();
      IsOwn = Fd >= 0;
    }
    if (Fd < 0)
      Fd = StartLog >= 0 && isSameFile(StartLog, StartLogFile) ? StartLog : 2;
  }
  ~Log() {
    if (IsOwn)
      close(Fd);
  }
  int fd() const { return Fd; }

private:
  int Fd = -1;
  bool IsOwn = false;
};

void endProgram() {
  switch (TheRuntime.Knobs.on_error) {
  case OnError::Continue:
    return;
  case OnError::Abort: {
    sigset_t Abort;
    sigemptyset(&Abort);
    sigaddset(&Abort, SIGABRT);
    pthread_sigmask(SIG_UNBLOCK, &Abort, nullptr);
    abort();
  }
  case OnError::Exit:
    _exit(static_cast<int>(TheRuntime.Knobs.exitcode));
  }
}

} // namespace

ReportTurn::ReportTurn() : IsMine(false) {
  ThreadState &T = threadState();
  WasReporting = T.IsReporting;
  if (WasReporting)
    return;
  T.IsReporting = true;
  static_assert(sizeof(SavedMask) >= sizeof(sigset_t));
  sigset_t Asynchronous, Before;
  sigfillset(&Asynchronous);
  constexpr int Synchronous[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                 SIGTRAP, SIGABRT, SIGSYS};
  for (int Signal : Synchronous)
    sigdelset(&Asynchronous, Signal);
  pthread_sigmask(SIG_BLOCK, &Asynchronous, &Before);
  memcpy(SavedMask, &Before, sizeof(Before));
  IsMine = waitForTurn();
  if (!IsMine)
    count(Counter::ReportsLost);
}

ReportTurn::~ReportTurn() {
  if (WasReporting)
    return;
  if (IsMine)
    IsTaken.storeRelease(false);
  sigset_t Before;
  memcpy(&Before, SavedMask, sizeof(Before));
  pthread_sigmask(SIG_SETMASK, &Before, nullptr);
  threadState().IsReporting = false;
}

Report &ReportTurn::report() { return TheReport; }

void emitReport(const Report &R) {
  int SavedErrno = errno;
  count(Counter::Reports);
  Writer Out(Text, sizeof(Text));
  writeReport(Out, R, getpid());
  {
    Log To;
    writeAll(To.fd(), Out.data(), Out.size());
    if (!symbolizeReport(Out.data(), Out.size(), To.fd())) {
      Out.clear();
      writeSummary(Out, R);
      writeAll(To.fd(), Out.data(), Out.size());
    }
  }
  endProgram();
  errno = SavedErrno;
}

void sayRaw(const char *Data, size_t Size) {
  int SavedErrno = errno;
  Log To;
  writeAll(To.fd(), Data, Size);
  errno = SavedErrno;
}

void sayLine(const char *Line) {
  BufferedWriter<512> Out;
  Out << "==";
  Out.dec(uint64_t(getpid())) << "==HeapFence: " << Line << '\n';
  sayRaw(Out.data(), Out.size());
}

void openLog() {
  int SavedErrno = errno;
  StartLog = fcntl(2, F_DUPFD_CLOEXEC, HighDescriptor);
  if (StartLog < 0)
    StartLog = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (StartLog >= 0)
    fstat(StartLog, &StartLogFile);
  errno = SavedErrno;
}

} // namespace heapfence
