// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes the counts of the sites.

#include "coverage.h"
#include "heap_function.h"
#include "modules.h"
#include "runtime.h"
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

namespace heapfence {

namespace {

void writePlace(Writer &Out, const SourceFrame &Where) {
  const char *Separator = "[";
  for (const SourceFrame *F = &Where; F; F = F->InlinedAt.get()) {
    Out << Separator << "{";
    Separator = ",";
    if (F->File.get()) {
      Out << "\"file\":";
      Out.json(F->File.get()) << ",\"line\":";
      Out.dec(F->line()) << ",\"column\":";
      Out.dec(F->column()) << ",";
    }
    Out << "\"function\":";
    Out.json(F->Function.get() ? F->Function.get() : "") << "}";
  }
  Out << "]";
}

/// Lines on their way to a file.
class CoverageFile {
public:
  CoverageFile() : Out(Buffer, sizeof(Buffer)) {
    BufferedWriter<MaxOptionPath + 24> Path;
    Path << TheOptions.coverage_path << '.';
    Path.dec(uint64_t(getpid()));
    Fd = open(Path.text(),
              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
  ~CoverageFile() {
    if (Fd >= 0)
      close(Fd);
  }
  bool isOpen() const { return Fd >= 0; }

  void head(const ModuleDescriptor &Module) {
    LoadedObject Object = {};
    findObject(reinterpret_cast<uintptr_t>(&Module), Object);
    Out << "{\"heapfence_coverage\":1,\"module\":";
    Out.json(Object.Path ? Object.Path : "") << ",\"pid\":";
    Out.dec(uint64_t(getpid())) << "}";
    endLine();
  }

  void site(const Site &S, const SiteCounts &C) {
    Out << "{\"at\":";
    writePlace(Out, S.Where);
    if (S.Flags & SiteIsContext)
      Out << ",\"context\":true";
    else {
      Out << ",\"callee\":";
      Out.json(symbolOf(S.Callee));
    }
    count("guarded", C.Guarded.loadRelaxed() - C.GuardedBefore.loadRelaxed());
    count("light", C.Light.loadRelaxed());
    count("freed", C.Freed.loadRelaxed());
    count("reported", C.Reported.loadRelaxed());
    count("no_time", C.NoTime.loadRelaxed());
    count("no_room", C.NoRoom.loadRelaxed());
    count("refused", C.Refused.loadRelaxed());
    count("in_vain", C.InVain.loadRelaxed());
    Out << "}";
    endLine();
  }

private:
  void count(const char *Name, uint32_t Value) {
    if (!Value)
      return;
    Out << ",\"" << Name << "\":";
    Out.dec(Value);
  }

  /// A line that does not fit is left out whole.
  void endLine() {
    Out << '\n';
    if (!Out.isTruncated())
      writeAll(Fd, Out.data(), Out.size());
    Out.clear();
  }

  int Fd;
  Writer Out;
  static char Buffer[16 * 1024];
};

char CoverageFile::Buffer[];

} // namespace

void writeCoverage(const ModuleDescriptor &Module) {
  if (!*TheOptions.coverage_path || Module.SitesBegin == Module.SitesEnd)
    return;
  int SavedErrno = errno;
  CoverageFile File;
  const SiteCounts *Counts = TheRuntime.Sites.find(*Module.SitesBegin).Counts;
  if (File.isOpen() && Counts) {
    File.head(Module);
    for (const Site *S = Module.SitesBegin; S != Module.SitesEnd; ++S)
      if (S->Weight.get()) // Not a deallocation.
        File.site(*S, Counts[S - Module.SitesBegin]);
  }
  errno = SavedErrno;
}

void writeAllCoverage() { TheRuntime.Sites.forEachModule(writeCoverage); }

} // namespace heapfence
