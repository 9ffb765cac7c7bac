// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asks glibc's heap, tcmalloc or mimalloc.

#include "ownership.h"
#include "modules.h"
#include "pages.h"
#include "real.h"

#include <stddef.h>
#include <unistd.h>

namespace heapfence {

namespace {

/// MallocExtension_GetOwnership of gperftools: 0 if not known, 1 for its own, 2
/// for not.
using GetOwnershipFunction = int(const void *);
/// mi_is_in_heap_region of mimalloc.
using IsInHeapRegionFunction = bool(const void *);

bool IsGlibc;
size_t PageSize;
GetOwnershipFunction *GetOwnership;
IsInHeapRegionFunction *IsInHeapRegion;

/// What glibc has before each object (malloc/malloc.c, since 2.0).
struct ChunkHeader {
  size_t PreviousSize; ///< If the chunk before is free, or this one is mapped.
  size_t SizeAndFlags; ///< Of the chunk, with this header.

  static constexpr size_t Flags = 7, IsMapped = 2;
  size_t size() const { return SizeAndFlags & ~Flags; }
};

ChunkHeader headerAt(uintptr_t Chunk) {
  return *reinterpret_cast<const ChunkHeader *>(Chunk);
}

/// True for what may be the header of a live object. glibc makes the same
/// tests, but of many objects none (those that its threads keep), and ends the
/// program at the first that fails.
bool mayBeHeader(uintptr_t Chunk) {
  constexpr size_t Alignment = 2 * sizeof(size_t);
  constexpr size_t Least = 2 * sizeof(ChunkHeader);
  if (Chunk % Alignment)
    return false;
  const ChunkHeader H = headerAt(Chunk);
  size_t Size = H.size();
  if (Size % Alignment || Size < Least)
    return false;
  if (H.SizeAndFlags & ChunkHeader::IsMapped)
    return (Chunk - H.PreviousSize) % PageSize == 0 &&
           (Size + H.PreviousSize) % PageSize == 0;
  // Another chunk follows, if only the heap's last one.
  uintptr_t Next = Chunk + Size;
  bool IsNear = Next / PageSize == (Chunk + sizeof(ChunkHeader)) / PageSize;
  return Next > Chunk && (IsNear || isReadable(Next)) &&
         headerAt(Next).size() >= sizeof(ChunkHeader);
}

} // namespace

void findAllocator() {
  PageSize = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  auto Find = [Free = real::next("free")](auto *&Function, const char *Name) {
    void *Found = real::next(Name);
    if (areInOneObject(Found, Free))
      Function = reinterpret_cast<decltype(Function)>(Found);
  };
  Find(GetOwnership, "MallocExtension_GetOwnership");
  Find(IsInHeapRegion, "mi_is_in_heap_region");
  const char *(*LibcVersion)() = nullptr;
  Find(LibcVersion, "gnu_get_libc_version");
  IsGlibc = LibcVersion;
}

bool isAllocatorLibcs() { return IsGlibc; }

const char *whyNotOwned(uintptr_t Address) {
  const void *P = reinterpret_cast<const void *>(Address);
  if (IsGlibc)
    return mayBeHeader(Address - sizeof(ChunkHeader))
               ? nullptr
               : "behind no header of the C library's allocator: never "
                 "allocated, or what was before it is overwritten";
  constexpr int NotOwned = 2;
  if ((GetOwnership && GetOwnership(P) == NotOwned) ||
      (IsInHeapRegion && !IsInHeapRegion(P)))
    return "in no memory of the allocator";
  return nullptr;
}

} // namespace heapfence
