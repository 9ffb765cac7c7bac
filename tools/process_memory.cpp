// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory of a process, by /proc.

#include "process_memory.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/uio.h>
#include <unistd.h>

namespace heapfence {

std::unique_ptr<ProcessMemory> ProcessMemory::open(int Pid,
                                                   std::string &Problem) {
  std::string Directory = "/proc/" + std::to_string(Pid);
  std::ifstream Maps(Directory + "/maps");
  int Fd = ::open((Directory + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  bool IsThere = Fd >= 0 || (errno != ENOENT && errno != ESRCH);
  std::unique_ptr<ProcessMemory> M(new ProcessMemory(Pid, Fd));
  uint64_t Begin, End, Offset;
  for (std::string Line; std::getline(Maps, Line);) {
    int PathAt = 0;
    if (sscanf(Line.c_str(),
               "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &Begin,
               &End, &Offset, &PathAt) != 3)
      continue;
    M->Ranges.push_back({Begin, End});
    std::string Path = PathAt ? Line.substr(size_t(PathAt)) : "";
    if (!Path.empty() && Path[0] == '/')
      M->Files.push_back({{Begin, End}, Offset, Path});
  }
  if (Fd >= 0 && !M->Ranges.empty())
    return M;
  Problem = IsThere ? "not permitted to look into it (another user's, or "
                      "kernel.yama.ptrace_scope forbids)"
                    : "there is none";
  return nullptr;
}

ProcessMemory::~ProcessMemory() {
  if (Fd >= 0)
    close(Fd);
}

bool ProcessMemory::read(uint64_t From, void *To, size_t Size) const {
  // To the kernel the offset is signed; there is no memory in the upper half.
  return From <= INT64_MAX &&
         pread(Fd, To, Size, static_cast<off_t>(From)) == ssize_t(Size);
}

bool ProcessMemory::write(uint64_t To, const void *From, size_t Size) const {
  iovec Local = {const_cast<void *>(From), Size},
        Remote = {reinterpret_cast<void *>(To), Size};
  return process_vm_writev(Pid, &Local, 1, &Remote, 1, 0) == ssize_t(Size);
}

} // namespace heapfence
