// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the loaded object of an address, and the tables in it.
// Called from: slow path of sampled allocations, signal handler.

#include "eh_frame.h"

#include <link.h>
#include <sys/auxv.h>

namespace heapfence {
namespace {

/// What glibc's _dl_find_object fills in. Declared here because the libc that
/// we are built with may be older than the one that we run with.
struct FoundObject {
  unsigned long long Flags;
  uintptr_t MapStart;
  uintptr_t MapEnd;
  const link_map *Map;
  uintptr_t EhFrameHeader;
  uintptr_t Reserved[12]; ///< More than any version or CPU has.
};

extern "C" int findObject(uintptr_t Address,
                          FoundObject *Result) __asm__("_dl_find_object")
    __attribute__((weak));

using ElfHeader = ElfW(Ehdr);
using ProgramHeader = ElfW(Phdr);

struct ProgramHeaders {
  const ProgramHeader *First;
  unsigned Count;
};

/// The tables behind `Header`, which can be read as far as the segment with
/// the header goes. Linkers put .eh_frame next to it.
/// Returns: false if no segment has it.
bool tablesIn(ProgramHeaders Segments, uintptr_t Bias, uintptr_t Header,
              EhFrameTables &Tables) {
  for (unsigned I = 0; I != Segments.Count; ++I) {
    const ProgramHeader &Segment = Segments.First[I];
    const uintptr_t Low = Bias + Segment.p_vaddr;
    const uintptr_t High = Low + Segment.p_filesz;
    if (Segment.p_type != PT_LOAD || Header < Low || Header >= High)
      continue;
    Tables = {Header, Low, High};
    return true;
  }
  return false;
}

/// Those of the object that is mapped at `MapStart`, by its ELF header; else
/// the executable's, as the map of a static one begins with its code.
ProgramHeaders programHeadersAt(uintptr_t MapStart) {
  // Nothing but the first page is sure to be part of the first segment.
  constexpr uintptr_t FirstPage = 4096;
  const auto *Elf = reinterpret_cast<const ElfHeader *>(MapStart);
  if (memcmp(Elf->e_ident, ELFMAG, SELFMAG) != 0)
    return {reinterpret_cast<const ProgramHeader *>(getauxval(AT_PHDR)),
            static_cast<unsigned>(getauxval(AT_PHNUM))};
  if (Elf->e_phentsize != sizeof(ProgramHeader) || Elf->e_phoff > FirstPage ||
      Elf->e_phoff % alignof(ProgramHeader) != 0 ||
      Elf->e_phnum > (FirstPage - Elf->e_phoff) / sizeof(ProgramHeader))
    return {nullptr, 0};
  return {reinterpret_cast<const ProgramHeader *>(MapStart + Elf->e_phoff),
          Elf->e_phnum};
}

bool tablesOf(const FoundObject &Object, EhFrameTables &Tables) {
  if (Object.EhFrameHeader == 0)
    return false;
  return tablesIn(programHeadersAt(Object.MapStart), Object.Map->l_addr,
                  Object.EhFrameHeader, Tables);
}

struct Search {
  uintptr_t Pc;
  EhFrameTables *Tables;
};

/// dl_iterate_phdr's callback. Returns: 1, which ends the iteration, if the
/// object has the searched address and tables.
int visitObject(dl_phdr_info *Object, size_t, void *Argument) {
  const auto *S = static_cast<const Search *>(Argument);
  const uintptr_t Bias = Object->dlpi_addr;
  uintptr_t Header = 0;
  bool HasPc = false;
  for (unsigned I = 0; I != Object->dlpi_phnum; ++I) {
    const ProgramHeader &Segment = Object->dlpi_phdr[I];
    if (Segment.p_type == PT_GNU_EH_FRAME)
      Header = Bias + Segment.p_vaddr;
    else if (Segment.p_type == PT_LOAD)
      HasPc |= S->Pc - (Bias + Segment.p_vaddr) < Segment.p_memsz;
  }
  return HasPc && Header != 0 &&
         tablesIn({Object->dlpi_phdr, Object->dlpi_phnum}, Bias, Header,
                  *S->Tables);
}

} // namespace

bool ehFrameTablesFor(uintptr_t Pc, EhFrameTables &Tables) noexcept {
  if (findObject) {
    FoundObject Object;
    return findObject(Pc, &Object) == 0 && tablesOf(Object, Tables);
  }
  Search S{Pc, &Tables};
  return dl_iterate_phdr(visitObject, &S) != 0;
}

} // namespace heapfence
