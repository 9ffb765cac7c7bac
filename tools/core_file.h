// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A core file: the memory of a process that ended, its threads, and why it
// ended. The file is untrusted: it may be damaged in any way.

#ifndef HEAPFENCE_TOOLS_CORE_FILE_H
#define HEAPFENCE_TOOLS_CORE_FILE_H

#include "core.h"
#include "target_memory.h"

#include <map>
#include <memory>
#include <string_view>

namespace heapfence {

/// A file mapped into this process.
class FileView {
public:
  /// Returns: null if it cannot be read, or is no regular file.
  static std::unique_ptr<FileView> open(const std::string &Path);
  ~FileView();
  FileView(const FileView &) = delete;

  std::string_view bytes() const { return {Data, Size}; }

private:
  FileView(const char *Data, size_t Size) : Data(Data), Size(Size) {}

  const char *Data;
  size_t Size;
};

/// What a signal said of its cause.
struct SignalCause {
  int Signal = 0;
  int Code = 0;
  uint64_t Address = 0; ///< Where `Code` is that of a fault.
};

class CoreFile : public TargetMemory {
public:
  /// Returns: null if `Path` is no core file of this CPU, or not a whole one;
  /// `Problem` says so.
  static std::unique_ptr<CoreFile> open(const std::string &Path,
                                        std::string &Problem);
  /// The same of bytes that outlive the result.
  static std::unique_ptr<CoreFile> parse(std::string_view Bytes,
                                         std::string &Problem);

  bool read(uint64_t From, void *To, size_t Size) const override;
  using TargetMemory::read;
  const std::vector<AddressRange> &ranges() const override { return Ranges; }
  const std::vector<MappedFile> &files() const override { return Files; }

  /// What the core left out of mappings of file `Path` is read from `Bytes`,
  /// which outlive this.
  void provide(const std::string &Path, std::string_view Bytes) {
    Provided[Path] = Bytes;
  }

  const arch::CoreCpu &cpu() const { return *Cpu; }
  int pid() const { return Pid; }
  /// The thread that the signal came to.
  const arch::ThreadStatus &thread() const { return Thread; }
  const SignalCause &cause() const { return Cause; }
  /// An entry of the auxiliary vector; nothing if there is none.
  std::optional<uint64_t> auxiliary(uint64_t Type) const;

private:
  struct Segment {
    AddressRange At;
    std::string_view Bytes; ///< Of its beginning; the rest was left out.
  };

  bool parseNotes(std::string_view Notes);
  bool parseFiles(std::string_view Note);
  std::string_view bytesAt(uint64_t Address) const;

  std::unique_ptr<FileView> File;
  std::vector<Segment> Segments; ///< Ascending.
  std::vector<AddressRange> Ranges;
  std::vector<MappedFile> Files;
  std::map<std::string, std::string_view> Provided; ///< By path.
  std::map<uint64_t, uint64_t> Auxiliary;
  const arch::CoreCpu *Cpu = nullptr;
  int Pid = 0;
  bool HasThread = false, HasCause = false;
  arch::ThreadStatus Thread = {};
  SignalCause Cause;
};

} // namespace heapfence

#endif // HEAPFENCE_TOOLS_CORE_FILE_H
