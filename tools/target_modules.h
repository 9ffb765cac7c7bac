// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The objects that are loaded in a process that is looked at from outside.

#ifndef HEAPFENCE_TOOLS_TARGET_MODULES_H
#define HEAPFENCE_TOOLS_TARGET_MODULES_H

#include "core.h"
#include "eh_frame.h"
#include "modules.h"
#include "target_memory.h"

#include <elf.h>
#include <functional>
#include <list>

namespace heapfence {

/// The part of an object that its first page, or its file, tells.
struct ElfHeaders {
  Elf64_Ehdr Header;
  std::vector<Elf64_Phdr> Segments;
  std::string BuildId; ///< Its bytes; empty: there is none.

  /// The address in the file of what `Offset` 0 of it is loaded to.
  uint64_t firstAddress() const;
};

/// `Read(Offset, To, Size)` reads from the file, or from memory of which it is
/// the beginning. Returns: nothing if that is no ELF file of this CPU.
std::optional<ElfHeaders>
readElfHeaders(const std::function<bool(uint64_t, void *, size_t)> &Read);

struct TargetModule {
  std::string Path;
  uint64_t Bias; ///< Address in memory minus address in the file.
  ElfHeaders Elf;
  /// A copy of the segment with the call frame information, and where it is.
  std::vector<char> Tables;
  EhFrameTables TablesAt;
  bool TriedTables = false;

  bool contains(uint64_t Address) const;
};

class TargetModules {
public:
  /// Those whose first pages `M` can read, which outlives this.
  explicit TargetModules(const TargetMemory &M);

  /// The CPU whose code uses the variable at `Address`; x86-64 if there is
  /// none.
  const arch::CoreCpu &cpuOf(uint64_t Address) const;

  /// The module that has `Address`; null: none has.
  TargetModule *find(uint64_t Address);

  /// Fills in `Tables`, whose memory lives as long as this does.
  /// Returns: false if there are none of the code at `Pc`.
  bool tablesFor(uint64_t Pc, EhFrameTables &Tables);

private:
  void takeLoaderNames();
  void readTables(TargetModule &T);

  const TargetMemory &M;
  std::list<TargetModule> Modules;
};

/// The path of a mapped file, without what the kernel says of a deleted one.
std::string plainPath(const std::string &Path);

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_TARGET_MODULES_H
