// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The loaded objects of another process.

#include "target_modules.h"

#include <climits>
#include <cstring>
#include <link.h>

namespace heapfence {

std::string plainPath(const std::string &Path) {
  constexpr std::string_view Deleted = " (deleted)";
  bool IsDeleted =
      Path.size() > Deleted.size() &&
      Path.compare(Path.size() - Deleted.size(), Path.npos, Deleted) == 0;
  return IsDeleted ? Path.substr(0, Path.size() - Deleted.size()) : Path;
}

uint64_t ElfHeaders::firstAddress() const {
  for (const Elf64_Phdr &S : Segments)
    if (S.p_type == PT_LOAD)
      return S.p_vaddr - S.p_offset;
  return 0;
}

std::optional<ElfHeaders>
readElfHeaders(const std::function<bool(uint64_t, void *, size_t)> &Read) {
  constexpr size_t MostSegments = 1024, MostNotes = 64 << 10;
  ElfHeaders E;
  Elf64_Ehdr &H = E.Header;
  if (!Read(0, &H, sizeof(H)) || memcmp(H.e_ident, ELFMAG, SELFMAG) ||
      H.e_ident[EI_CLASS] != ELFCLASS64 || !arch::cpuOf(H.e_machine) ||
      H.e_phentsize != sizeof(Elf64_Phdr) || H.e_phnum > MostSegments)
    return std::nullopt;
  E.Segments.resize(H.e_phnum);
  if (!Read(H.e_phoff, E.Segments.data(), H.e_phnum * sizeof(Elf64_Phdr)))
    return std::nullopt;
  for (const Elf64_Phdr &S : E.Segments) {
    if (S.p_type != PT_NOTE || S.p_filesz > MostNotes)
      continue;
    std::vector<char> Notes(S.p_filesz);
    LoadedObject O = {};
    if (!Read(S.p_offset, Notes.data(), Notes.size()))
      continue;
    readBuildId(Notes.data(), Notes.size(), O);
    if (O.BuildIdSize)
      E.BuildId.assign(reinterpret_cast<char *>(O.BuildId), O.BuildIdSize);
  }
  return E;
}

bool TargetModule::contains(uint64_t Address) const {
  for (const Elf64_Phdr &S : Elf.Segments)
    if (S.p_type == PT_LOAD && Address - Bias - S.p_vaddr < S.p_memsz)
      return true;
  return false;
}

TargetModules::TargetModules(const TargetMemory &M) : M(M) {
  for (const MappedFile &F : M.files()) {
    if (F.Offset)
      continue;
    auto Read = [&](uint64_t Offset, void *To, size_t Size) {
      return M.read(F.At.Begin + Offset, To, Size);
    };
    if (std::optional<ElfHeaders> E = readElfHeaders(Read))
      Modules.push_back({plainPath(F.Path),
                         F.At.Begin - E->firstAddress(),
                         std::move(*E),
                         {},
                         {}});
  }
  takeLoaderNames();
}

/// Reports name shared objects as the dynamic loader does, which may be by
/// another path than the kernel's. Relative ones would not be found from here.
void TargetModules::takeLoaderNames() {
  constexpr unsigned MostObjects = 4096;
  uint64_t Debug = 0;
  for (const TargetModule &T : Modules)
    for (const Elf64_Phdr &S : T.Elf.Segments)
      for (uint64_t I = 0; S.p_type == PT_DYNAMIC && I < S.p_memsz;
           I += sizeof(Elf64_Dyn)) {
        auto Entry = M.read<Elf64_Dyn>(T.Bias + S.p_vaddr + I);
        if (!Entry || Entry->d_tag == DT_NULL)
          break;
        if (Entry->d_tag == DT_DEBUG && Entry->d_un.d_ptr)
          Debug = Entry->d_un.d_ptr;
      }
  auto List = M.read<r_debug>(Debug);
  if (!Debug || !List)
    return;
  auto At = reinterpret_cast<uintptr_t>(List->r_map);
  for (unsigned I = 0; At && I != MostObjects; ++I) {
    auto Object = M.read<link_map>(At);
    if (!Object)
      return;
    std::string Name =
        readText(M, reinterpret_cast<uintptr_t>(Object->l_name), PATH_MAX);
    for (TargetModule &T : Modules)
      if (T.Bias == Object->l_addr && !Name.empty() && Name[0] == '/')
        T.Path = Name;
    At = reinterpret_cast<uintptr_t>(Object->l_next);
  }
}

// A process that an emulator runs has objects of two CPUs.
const arch::CoreCpu &TargetModules::cpuOf(uint64_t Address) const {
  const TargetModule *Last = nullptr;
  for (const TargetModule &T : Modules)
    if (T.Bias <= Address && (!Last || Last->Bias < T.Bias))
      Last = &T;
  return Last ? *arch::cpuOf(Last->Elf.Header.e_machine) : arch::X86_64;
}

TargetModule *TargetModules::find(uint64_t Address) {
  for (TargetModule &T : Modules)
    if (T.contains(Address))
      return &T;
  return nullptr;
}

/// Linkers put .eh_frame next to .eh_frame_hdr, in the same segment.
void TargetModules::readTables(TargetModule &T) {
  constexpr uint64_t MostBytes = uint64_t(1) << 30;
  uint64_t Header = 0;
  for (const Elf64_Phdr &S : T.Elf.Segments)
    if (S.p_type == PT_GNU_EH_FRAME)
      Header = S.p_vaddr;
  for (const Elf64_Phdr &S : T.Elf.Segments) {
    if (!Header || S.p_type != PT_LOAD || Header - S.p_vaddr >= S.p_filesz ||
        S.p_filesz > MostBytes)
      continue;
    T.Tables.resize(S.p_filesz);
    if (!M.read(T.Bias + S.p_vaddr, T.Tables.data(), S.p_filesz)) {
      T.Tables.clear();
      continue;
    }
    auto Low = reinterpret_cast<uintptr_t>(T.Tables.data());
    T.TablesAt = {Low + (Header - S.p_vaddr), Low, Low + S.p_filesz,
                  Low - (T.Bias + S.p_vaddr)};
    return;
  }
}

bool TargetModules::tablesFor(uint64_t Pc, EhFrameTables &Tables) {
  TargetModule *T = find(Pc);
  if (!T)
    return false;
  if (!T->TriedTables)
    readTables(*T);
  T->TriedTables = true;
  Tables = T->TablesAt;
  return !T->Tables.empty();
}

} // namespace heapfence
