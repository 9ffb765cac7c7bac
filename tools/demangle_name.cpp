// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Mangled names.

#include "demangle_name.h"
#include "file_io.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Demangle/Demangle.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace heapfence {

/// A name that a report carries stays mangled if it demangles to more.
static constexpr size_t MaxNameBytes = 16 << 10;

static bool isMangled(StringRef Name) {
  return Name.take_front(2) == "_Z" || Name.take_front(2) == "_R";
}

std::string demangleSymbol(const std::string &Name) {
  return isMangled(Name) ? demangle(Name) : Name;
}

/// What the child process of `demangleUntrusted` does.
[[noreturn]] static void demangleInChild(const std::string &Name, int Output) {
  constexpr rlimit NoCore = {0, 0}, CpuSeconds = {1, 1};
  constexpr rlimit DataBytes = {128 << 20, 128 << 20};
  bool Bounded = setrlimit(RLIMIT_CORE, &NoCore) == 0 &&
                 setrlimit(RLIMIT_CPU, &CpuSeconds) == 0 &&
                 setrlimit(RLIMIT_DATA, &DataBytes) == 0;
  _exit(Bounded && writeAll(Output, demangle(Name)) ? 0 : 1);
}

std::string demangleUntrusted(const std::string &Name) {
  int Pipe[2];
  if (!isMangled(Name) || pipe2(Pipe, O_CLOEXEC) != 0)
    return Name;
  pid_t Child = fork();
  if (Child == 0)
    demangleInChild(Name, Pipe[1]);
  close(Pipe[1]);
  std::string Text;
  while (Text.size() <= MaxNameBytes && readSome(Pipe[0], Text, 4096) > 0)
    ;
  close(Pipe[0]); // A child that still writes dies of SIGPIPE.
  int Status = 1;
  if (Child < 0)
    return Name;
  while (waitpid(Child, &Status, 0) < 0 && errno == EINTR)
    ;
  return Status == 0 && !Text.empty() ? Text : Name;
}

} // namespace heapfence
