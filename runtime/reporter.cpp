// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where reports go.

#include "reporter.h"
#include "clock.h"
#include "counters.h"
#include "coverage.h"
#include "report_callback.h"
#include "report_filter.h"
#include "report_json.h"
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
Atomic<bool> IsTaken;
constinit Report TheReport = {};
char Text[MaxReportBytes];

/// The file that standard error was at the start; all 0 if none.
struct stat StartLog;

void pauseMs(unsigned Ms) {
  struct timespec T = {0, long(Ms) * 1000000};
  nanosleep(&T, nullptr);
}

bool waitForTurn() {
  uint64_t Patience = TheOptions.symbolize_timeout_ms + 1000;
  for (uint64_t Waited = 0; IsTaken.exchangeAcqRel(true); ++Waited) {
    if (Waited == Patience)
      return false;
    pauseMs(1);
  }
  return true;
}

/// The file of this process for an option's path.
int openOwnFile(const char *Prefix) {
  BufferedWriter<MaxOptionPath + 24> Path;
  Path << Prefix << '.';
  Path.dec(uint64_t(getpid()));
  // Appending: several reports, and the symbolizer's part, go to one file.
  return open(Path.text(),
              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/// True if what is now descriptor 2 may be written to. A program may have
/// closed it and got the number again for a file or connection of its own: a
/// report must not land in there. (Keeping a duplicate from the start would
/// hold a pipe open that the program believes closed.)
bool isStandardError() {
  struct stat Now;
  if (fstat(2, &Now))
    return false;
  if (Now.st_dev == StartLog.st_dev && Now.st_ino == StartLog.st_ino)
    return true;
  if (S_ISREG(Now.st_mode))
    return fcntl(2, F_GETFL) & O_APPEND; // Another log.
  return S_ISCHR(Now.st_mode) || S_ISFIFO(Now.st_mode);
}

/// The descriptor to write to, -1 if there is none, for as long as it lives.
class Log {
public:
  Log() {
    if (*TheOptions.log_path) {
      Fd = openOwnFile(TheOptions.log_path);
      IsOwn = Fd >= 0;
    }
    if (Fd < 0 && isStandardError())
      Fd = 2;
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

/// Appends the report to `json_path`, in one write.
void emitJson(const Report &R) {
  if (!*TheOptions.json_path)
    return;
  static char Line[MaxReportBytes];
  Writer Out(Line, sizeof(Line));
  writeReportJson(Out, R, getpid(), clockNs(CLOCK_REALTIME) / 1'000'000);
  int Fd = openOwnFile(TheOptions.json_path);
  if (Fd < 0 || !writeAll(Fd, Out.data(), Out.size()))
    count(Counter::JsonLost);
  if (Fd >= 0)
    close(Fd);
}

void endProgram() {
  if (TheOptions.on_error != OnError::Continue)
    writeAllCoverage();
  switch (TheOptions.on_error) {
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
    _exit(static_cast<int>(TheOptions.exitcode));
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
  if (!isWanted(R))
    return;
  int SavedErrno = errno;
  count(Counter::Reports);
  Writer Out(Text, sizeof(Text));
  writeReport(Out, R, TheOptions.report_style, getpid());
  {
    Log To;
    bool IsOut = To.fd() >= 0 && writeAll(To.fd(), Out.data(), Out.size());
    if (!IsOut)
      count(Counter::ReportsLost);
    emitJson(R);
    callBack(R, Out);
    if (IsOut && !symbolizeReport(Out.data(), Out.size(), To.fd())) {
      Out.clear();
      writeSummary(Out, R, TheOptions.report_style);
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
  BufferedWriter<896> Out;
  Out << "==";
  Out.dec(uint64_t(getpid())) << "==HeapFence: " << Line << '\n';
  sayRaw(Out.data(), Out.size());
}

void rememberLog() {
  int SavedErrno = errno;
  fstat(2, &StartLog);
  errno = SavedErrno;
}

} // namespace heapfence
