// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which loaded object an address belongs to.

#include "modules.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

// Lock-free in the C libraries that have it.
extern "C" __attribute__((weak)) int _dl_find_object(void *,
                                                     struct dl_find_object *);

namespace heapfence {

namespace {

/// Sets `Result` if the segment of `H` is loaded and holds `Address`.
bool readSegment(uintptr_t Address, uintptr_t Bias, const ElfW(Phdr) & H,
                 LoadedSegment &Result) {
  uintptr_t Begin = Bias + H.p_vaddr;
  if (H.p_type != PT_LOAD || Address - Begin >= H.p_memsz)
    return false;
  uintptr_t Page = getauxval(AT_PAGESZ);
  Result = {Begin & ~(Page - 1), (Begin + H.p_memsz + Page - 1) & ~(Page - 1),
            (H.p_flags & PF_R ? PROT_READ : 0) |
                (H.p_flags & PF_W ? PROT_WRITE : 0) |
                (H.p_flags & PF_X ? PROT_EXEC : 0)};
  return true;
}

void readProgramHeaders(uintptr_t Address, const ElfW(Phdr) * Headers,
                        size_t Count, LoadedObject &Result) {
  for (size_t I = 0; I != Count; ++I) {
    if (Headers[I].p_type == PT_NOTE && !Result.BuildIdSize)
      readBuildId(
          reinterpret_cast<const char *>(Result.Bias + Headers[I].p_vaddr),
          Headers[I].p_memsz, Result);
    readSegment(Address, Result.Bias, Headers[I], Result.Holder);
  }
}

/// The executable's own path: the loader has no name for it.
const char *executablePath() {
  static char Path[4096];
  int SavedErrno = errno;
  ssize_t Size = readlink("/proc/self/exe", Path, sizeof(Path) - 1);
  errno = SavedErrno;
  Path[Size > 0 ? Size : 0] = 0;
  return Path;
}

void setPath(const char *Name, LoadedObject &Result) {
  Result.Path = Name && *Name ? Name : executablePath();
}

/// True if a loaded segment among `Headers` holds `Address`.
bool isInSegments(uintptr_t Address, uintptr_t Bias, const ElfW(Phdr) * Headers,
                  size_t Count) {
  for (size_t I = 0; I != Count; ++I)
    if (Headers[I].p_type == PT_LOAD &&
        Address - Bias - Headers[I].p_vaddr < Headers[I].p_memsz)
      return true;
  return false;
}

struct Search {
  uintptr_t Address;
  LoadedObject *Result;
};

int matchObject(struct dl_phdr_info *Info, size_t, void *Data) {
  auto *S = static_cast<Search *>(Data);
  if (!isInSegments(S->Address, Info->dlpi_addr, Info->dlpi_phdr,
                    Info->dlpi_phnum))
    return 0;
  S->Result->Bias = Info->dlpi_addr;
  setPath(Info->dlpi_name, *S->Result);
  readProgramHeaders(S->Address, Info->dlpi_phdr, Info->dlpi_phnum, *S->Result);
  return 1;
}

struct SegmentSearch {
  uintptr_t Address;
  LoadedSegment *Result;
};

int matchSegment(struct dl_phdr_info *Info, size_t, void *Data) {
  auto *S = static_cast<SegmentSearch *>(Data);
  for (size_t I = 0; I != Info->dlpi_phnum; ++I)
    if (readSegment(S->Address, Info->dlpi_addr, Info->dlpi_phdr[I],
                    *S->Result))
      return 1;
  return 0;
}

bool isElfHeader(const ElfW(Ehdr) & Header) {
  return memcmp(Header.e_ident, ELFMAG, SELFMAG) == 0 &&
         Header.e_phentsize == sizeof(ElfW(Phdr));
}

} // namespace

bool isInExecutable(uintptr_t Address) {
  auto At = static_cast<uintptr_t>(getauxval(AT_PHDR));
  const auto *Headers = reinterpret_cast<const ElfW(Phdr) *>(At);
  size_t Count = getauxval(AT_PHNUM);
  uintptr_t Bias = 0; // Of a program without a PT_PHDR: not relocatable.
  for (size_t I = 0; I != Count; ++I)
    if (Headers[I].p_type == PT_PHDR)
      Bias = At - Headers[I].p_vaddr;
  return isInSegments(Address, Bias, Headers, Count);
}

bool findSegment(uintptr_t Address, LoadedSegment &Result) {
  SegmentSearch S{Address, &Result};
  return dl_iterate_phdr(matchSegment, &S) != 0;
}

bool findObject(uintptr_t Address, LoadedObject &Result) {
  Result = {"", 0, {}, 0, {}};
  if (!_dl_find_object) {
    Search S{Address, &Result};
    return dl_iterate_phdr(matchObject, &S) != 0;
  }
  struct dl_find_object Found;
  if (_dl_find_object(reinterpret_cast<void *>(Address), &Found))
    return false;
  Result.Bias = Found.dlfo_link_map->l_addr;
  setPath(Found.dlfo_link_map->l_name, Result);
  // The first segment of an object begins with its ELF header.
  const auto *Header = static_cast<const ElfW(Ehdr) *>(Found.dlfo_map_start);
  if (isElfHeader(*Header))
    readProgramHeaders(
        Address,
        reinterpret_cast<const ElfW(Phdr) *>(
            reinterpret_cast<const char *>(Header) + Header->e_phoff),
        Header->e_phnum, Result);
  return true;
}

bool areInOneObject(const void *A, const void *B) {
  LoadedObject OfA, OfB;
  return findObject(reinterpret_cast<uintptr_t>(A), OfA) &&
         findObject(reinterpret_cast<uintptr_t>(B), OfB) &&
         OfA.Bias == OfB.Bias;
}

} // namespace heapfence
