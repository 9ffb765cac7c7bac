// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names of functions. Files are read, not mapped: one that is cut short
// meanwhile must not raise SIGBUS in the handler.

#include "symbol_table.h"
#include "modules.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

namespace heapfence {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

constexpr size_t SymbolsAtOnce = 256;

/// One thread at a time: see `forEachNameAt`.
Symbol Symbols[SymbolsAtOnce];
char Text[1024]; ///< Notes, or a name.

/// A loaded object's file.
class ObjectFile {
public:
  explicit ObjectFile(const LoadedObject &Object)
      : Fd(open(Object.Path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {
    IsGood = read(0, Head) && memcmp(Head.e_ident, ELFMAG, SELFMAG) == 0 &&
             Head.e_phentsize == sizeof(Segment) &&
             Head.e_shentsize == sizeof(Section) && isOf(Object);
  }
  ~ObjectFile() {
    if (Fd >= 0)
      close(Fd);
  }
  ObjectFile(const ObjectFile &) = delete;

  bool isGood() const { return IsGood; }

  /// The table of all symbols, else that of the dynamic ones, and their names.
  bool findTable(Section &Table, Section &Names) const {
    bool IsFound = false;
    for (unsigned I = 0; I != Head.e_shnum; ++I) {
      Section S;
      if (!read(Head.e_shoff + I * sizeof(S), S))
        return false;
      if (S.sh_type != SHT_SYMTAB && (S.sh_type != SHT_DYNSYM || IsFound))
        continue;
      Table = S;
      IsFound = true;
      if (S.sh_type == SHT_SYMTAB)
        break;
    }
    return IsFound && read(Head.e_shoff + Table.sh_link * sizeof(Names), Names);
  }

  /// Returns: how many symbols of `Table` from the `First` on are in `Symbols`.
  size_t readSymbols(const Section &Table, size_t First) const {
    size_t Count = Table.sh_size / sizeof(Symbol);
    size_t Wanted =
        Count - First < SymbolsAtOnce ? Count - First : SymbolsAtOnce;
    return Wanted && readUpTo(Table.sh_offset + First * sizeof(Symbol), Symbols,
                              Wanted * sizeof(Symbol)) /
                         sizeof(Symbol);
  }

  /// The name of `S`, without a version, cut if it is very long.
  const char *readName(const Section &Names, const Symbol &S) const {
    size_t Size = readUpTo(Names.sh_offset + S.st_name, Text, sizeof(Text) - 1);
    Text[Size] = 0;
    Text[strcspn(Text, "@")] = 0;
    return Text;
  }

private:
  size_t readUpTo(uint64_t Offset, void *To, size_t Size) const {
    ssize_t Got;
    do
      Got = pread(Fd, To, Size, static_cast<off_t>(Offset));
    while (Got < 0 && errno == EINTR);
    return Got < 0 ? 0 : static_cast<size_t>(Got);
  }

  template <typename T> bool read(uint64_t Offset, T &Result) const {
    return readUpTo(Offset, &Result, sizeof(T)) == sizeof(T);
  }

  /// True unless the file has another build id than what is loaded.
  bool isOf(const LoadedObject &Object) const {
    LoadedObject Here = {};
    for (unsigned I = 0; I != Head.e_phnum && !Here.BuildIdSize; ++I) {
      Segment S;
      if (!read(Head.e_phoff + I * sizeof(S), S))
        return false;
      if (S.p_type == PT_NOTE && S.p_filesz <= sizeof(Text))
        readBuildId(Text, readUpTo(S.p_offset, Text, S.p_filesz), Here);
    }
    return Here.BuildIdSize == Object.BuildIdSize &&
           memcmp(Here.BuildId, Object.BuildId, Here.BuildIdSize) == 0;
  }

  int Fd;
  Header Head;
  bool IsGood;
};

bool isFunctionAt(const Symbol &S, uintptr_t Address) {
  return ELF64_ST_TYPE(S.st_info) == STT_FUNC && S.st_shndx != SHN_UNDEF &&
         Address - S.st_value < S.st_size;
}

} // namespace

void forEachNameAt(uintptr_t Address, void (*Do)(const char *, void *),
                   void *Data) {
  LoadedObject Object;
  if (!findObject(Address, Object))
    return;
  int SavedErrno = errno;
  ObjectFile File(Object);
  Section Table, Names;
  if (File.isGood() && File.findTable(Table, Names))
    for (size_t First = 0, Count; (Count = File.readSymbols(Table, First));
         First += Count)
      for (size_t I = 0; I != Count; ++I)
        if (isFunctionAt(Symbols[I], Address - Object.Bias))
          Do(File.readName(Names, Symbols[I]), Data);
  errno = SavedErrno;
}

} // namespace heapfence
