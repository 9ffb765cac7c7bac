// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is at an offset of a module that a report names. The report is
// untrusted: it may name any file; only regular ELF files whose build id fits
// are looked into.

#ifndef HEAPFENCE_TOOLS_MODULE_TABLE_H
#define HEAPFENCE_TOOLS_MODULE_TABLE_H

#include "core.h"
#include "frame_line.h"
#include "symbolize.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <optional>
#include <unordered_map>

namespace heapfence {

using ObjectFile = llvm::object::OwningBinary<llvm::object::ObjectFile>;

class ModuleTable {
public:
  ModuleTable(const SymbolizeOptions &Options, bool UseNetwork);

  /// Returns: the inline chain at the frame's module and offset, innermost
  /// first; empty: nothing is known. Valid until the next call.
  llvm::ArrayRef<Position> lookUp(const FrameLine &Frame);

  /// What the instruction at a frame's address accessed when it faulted at
  /// `Address`, without its registers; nothing if that is not known.
  std::optional<arch::MemoryOperand> operandAt(const FrameLine &Frame,
                                               uint64_t Address);

  /// Says which modules could not be symbolized and why.
  void explain(llvm::raw_ostream &OS, Verbosity Say) const;

private:
  /// One module of the reports and what was found for it.
  struct Module {
    std::string Name;
    std::vector<ObjectFile> Objects; ///< In the order to be asked.
    /// Why lines are unknown; null: they are known.
    const char *Problem = nullptr;
    bool AnyFunction = false; ///< A lookup gave a function at least.
    std::unordered_map<uint64_t, std::vector<Position>> Known; ///< By offset.
  };

  Module *moduleOf(const FrameLine &Frame);
  void load(Module &M, const std::string &Path, llvm::StringRef BuildId);
  std::optional<ObjectFile> fetch(llvm::object::BuildIDRef Id);
  std::vector<Position> positionsAt(const Module &M, uint64_t Offset);

  const SymbolizeOptions &Options;
  std::unique_ptr<llvm::object::BuildIDFetcher> Fetcher;
  llvm::StringMap<Module> Modules; ///< By path and build id.
  llvm::symbolize::LLVMSymbolizer Symbolizer;
  size_t CacheEntries = 0;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_MODULE_TABLE_H
