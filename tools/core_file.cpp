// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads ELF core files.

#include "core_file.h"

#include "llvm/Object/ELF.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace heapfence {

std::unique_ptr<FileView> FileView::open(const std::string &Path) {
  // A FIFO must not block.
  int Fd = ::open(Path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat Status;
  std::unique_ptr<FileView> Result;
  if (Fd >= 0 && !fstat(Fd, &Status) && S_ISREG(Status.st_mode)) {
    auto Size = static_cast<size_t>(Status.st_size);
    void *Data =
        Size ? mmap(nullptr, Size, PROT_READ, MAP_PRIVATE, Fd, 0) : nullptr;
    if (Data != MAP_FAILED)
      Result.reset(new FileView(static_cast<const char *>(Data), Size));
  }
  if (Fd >= 0)
    close(Fd);
  return Result;
}

FileView::~FileView() {
  if (Size)
    munmap(const_cast<char *>(Data), Size);
}

namespace {

/// Reads numbers and strings off the front of a note.
class NoteReader {
public:
  explicit NoteReader(std::string_view Rest) : Rest(Rest) {}

  template <typename T> bool read(T &Value) {
    if (Rest.size() < sizeof(T))
      return false;
    memcpy(&Value, Rest.data(), sizeof(T));
    Rest.remove_prefix(sizeof(T));
    return true;
  }
  bool take(uint64_t Size, std::string_view &Result) {
    if (Rest.size() < Size)
      return false;
    Result = Rest.substr(0, Size);
    Rest.remove_prefix(Size);
    return true;
  }
  /// The last note may lack its padding.
  void align(uint64_t Size) {
    Rest.remove_prefix(std::min<uint64_t>(-Size % 4, Rest.size()));
  }
  bool isEmpty() const { return Rest.empty(); }
  std::string_view rest() const { return Rest; }

private:
  std::string_view Rest;
};

/// Si_addr is only set by faults.
SignalCause causeOf(const siginfo_t &Info) {
  return {Info.si_signo, Info.si_code,
          reinterpret_cast<uintptr_t>(Info.si_addr)};
}

} // namespace

bool CoreFile::parseFiles(std::string_view Note) {
  NoteReader Numbers(Note);
  uint64_t Count, Page;
  constexpr size_t EntryBytes = 3 * sizeof(uint64_t);
  if (!Numbers.read(Count) || !Numbers.read(Page) ||
      Count > Note.size() / EntryBytes)
    return false;
  std::string_view Entries;
  if (!Numbers.take(Count * EntryBytes, Entries))
    return false;
  std::string_view Names = Numbers.rest();
  for (NoteReader E(Entries); !E.isEmpty();) {
    MappedFile F;
    size_t End = Names.find('\0');
    if (!E.read(F.At.Begin) || !E.read(F.At.End) || !E.read(F.Offset) ||
        End == Names.npos || F.At.End < F.At.Begin)
      return false;
    F.Offset *= Page;
    F.Path = Names.substr(0, End);
    Names.remove_prefix(End + 1);
    Files.push_back(std::move(F));
  }
  return true;
}

// Of several threads the one that the signal came to is first, as the kernel
// and gdb write them.
bool CoreFile::parseNotes(std::string_view Notes) {
  NoteReader R(Notes);
  Elf64_Nhdr Header;
  while (R.read(Header)) {
    std::string_view Name, Text;
    if (!R.take(Header.n_namesz, Name))
      return false;
    R.align(Header.n_namesz);
    if (!R.take(Header.n_descsz, Text))
      return false;
    R.align(Header.n_descsz);
    NoteReader D(Text);
    // Of the thread whose status is in front of it.
    if (Name == std::string_view("LINUX", 6) && Header.n_type == NT_ARM_TLS &&
        HasThread && !Thread.ThreadPointer)
      D.read(Thread.ThreadPointer);
    if (Name != std::string_view("CORE", 5))
      continue;
    if (Header.n_type == NT_PRSTATUS && !HasThread) {
      HasThread = Cpu->readStatus(
          reinterpret_cast<const uint8_t *>(Text.data()), Text.size(), Thread);
    } else if (elf_prpsinfo Info;
               Header.n_type == NT_PRPSINFO && D.read(Info)) {
      Pid = Info.pr_pid;
    } else if (siginfo_t Info;
               Header.n_type == NT_SIGINFO && !HasCause && D.read(Info)) {
      HasCause = true;
      Cause = causeOf(Info);
    } else if (Header.n_type == NT_AUXV) {
      uint64_t Type, Value;
      while (D.read(Type) && D.read(Value))
        Auxiliary[Type] = Value;
    } else if (Header.n_type == NT_FILE && !parseFiles(Text)) {
      return false;
    }
  }
  return true;
}

std::unique_ptr<CoreFile> CoreFile::parse(std::string_view Bytes,
                                          std::string &Problem) {
  using Elf = object::ELFFile<object::ELF64LE>;
  auto Refuse = [&Problem](const char *Why) {
    Problem = Why;
    return nullptr;
  };
  if (Bytes.substr(0, SELFMAG) != ELFMAG)
    return Refuse("not a core file");
  if (Bytes.size() <= EI_DATA || Bytes[EI_CLASS] != ELFCLASS64 ||
      Bytes[EI_DATA] != ELFDATA2LSB)
    return Refuse("it is of another architecture");
  Expected<Elf> File = Elf::create({Bytes.data(), Bytes.size()});
  if (!File) {
    consumeError(File.takeError());
    return Refuse("it is truncated");
  }
  if (File->getHeader().e_type != ET_CORE)
    return Refuse("not a core file");
  const arch::CoreCpu *Cpu = arch::cpuOf(File->getHeader().e_machine);
  if (!Cpu)
    return Refuse("it is of another architecture");
  auto Headers = File->program_headers();
  if (!Headers) {
    consumeError(Headers.takeError());
    return Refuse("it is truncated or damaged");
  }
  std::unique_ptr<CoreFile> Core(new CoreFile);
  Core->Cpu = Cpu;
  for (const Elf::Elf_Phdr &H : *Headers) {
    if (H.p_offset > Bytes.size() || H.p_filesz > Bytes.size() - H.p_offset)
      return Refuse("it is truncated: was it written whole (ulimit -c)?");
    std::string_view Part = Bytes.substr(H.p_offset, H.p_filesz);
    if (H.p_type == PT_NOTE && !Core->parseNotes(Part))
      return Refuse("its notes are damaged");
    if (H.p_type != PT_LOAD)
      continue;
    if (H.p_filesz > H.p_memsz || H.p_vaddr + H.p_memsz < H.p_vaddr)
      return Refuse("its segments are damaged");
    AddressRange At = {H.p_vaddr, H.p_vaddr + H.p_memsz};
    Core->Segments.push_back({At, Part});
  }
  if (!Core->HasThread || Core->Segments.empty())
    return Refuse("it has no thread or no memory");
  std::sort(Core->Segments.begin(), Core->Segments.end(),
            [](const Segment &A, const Segment &B) {
              return A.At.Begin < B.At.Begin;
            });
  for (const Segment &S : Core->Segments)
    Core->Ranges.push_back(S.At);
  if (!Core->Pid)
    Core->Pid = Core->Thread.Tid;
  return Core;
}

std::unique_ptr<CoreFile> CoreFile::open(const std::string &Path,
                                         std::string &Problem) {
  std::unique_ptr<FileView> File = FileView::open(Path);
  if (!File) {
    Problem = "it cannot be read";
    return nullptr;
  }
  std::unique_ptr<CoreFile> Core = parse(File->bytes(), Problem);
  if (Core)
    Core->File = std::move(File);
  return Core;
}

/// What is known of memory from `Address` on; empty: nothing is.
std::string_view CoreFile::bytesAt(uint64_t Address) const {
  auto Next = std::upper_bound(
      Segments.begin(), Segments.end(), Address,
      [](uint64_t A, const Segment &S) { return A < S.At.Begin; });
  if (Next != Segments.begin()) {
    const Segment &S = *std::prev(Next);
    if (Address - S.At.Begin < S.Bytes.size())
      return S.Bytes.substr(Address - S.At.Begin);
  }
  for (const MappedFile &F : Files) {
    if (!F.At.contains(Address))
      continue;
    auto Found = Provided.find(F.Path);
    uint64_t Offset = F.Offset + (Address - F.At.Begin);
    if (Found == Provided.end() || Offset >= Found->second.size())
      return {};
    return Found->second.substr(Offset, F.At.End - Address);
  }
  return {};
}

bool CoreFile::read(uint64_t From, void *To, size_t Size) const {
  char *Out = static_cast<char *>(To);
  while (Size) {
    std::string_view Part = bytesAt(From).substr(0, Size);
    if (Part.empty())
      return false;
    memcpy(Out, Part.data(), Part.size());
    Out += Part.size();
    From += Part.size();
    Size -= Part.size();
  }
  return true;
}

std::optional<uint64_t> CoreFile::auxiliary(uint64_t Type) const {
  auto Found = Auxiliary.find(Type);
  if (Found == Auxiliary.end())
    return std::nullopt;
  return Found->second;
}

} // namespace heapfence
