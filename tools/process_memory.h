// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory of a process of the same user, running or stopped.

#ifndef HEAPFENCE_TOOLS_PROCESS_MEMORY_H
#define HEAPFENCE_TOOLS_PROCESS_MEMORY_H

#include "target_memory.h"

#include <memory>

namespace heapfence {

class ProcessMemory : public TargetMemory {
public:
  /// Returns: null if there is no such process or it may not be looked into;
  /// `Problem` says so.
  static std::unique_ptr<ProcessMemory> open(int Pid, std::string &Problem);
  ~ProcessMemory() override;
  ProcessMemory(const ProcessMemory &) = delete;

  /// Reads closed pages too, but those with guard markers.
  bool read(uint64_t From, void *To, size_t Size) const override;
  using TargetMemory::read;
  [[nodiscard]] bool write(uint64_t To, const void *From, size_t Size) const;

  const std::vector<AddressRange> &ranges() const override { return Ranges; }
  const std::vector<MappedFile> &files() const override { return Files; }

  const int Pid;

private:
  ProcessMemory(int Pid, int Fd) : Pid(Pid), Fd(Fd) {}

  const int Fd; ///< Of /proc/PID/mem.
  std::vector<AddressRange> Ranges;
  std::vector<MappedFile> Files;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_PROCESS_MEMORY_H
