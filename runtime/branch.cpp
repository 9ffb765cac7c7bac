// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Static branches in code.

#include "branch.h"
#include "arch.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace heapfence {

namespace {

// linux/membarrier.h, which is not everywhere.
constexpr int PrivateExpeditedSyncCore = 1 << 5;
constexpr int RegisterPrivateExpeditedSyncCore = 1 << 6;

/// Pages between two branches of a batch are made writable with them up to this
/// distance: that is cheaper than two more system calls, and the kernel keeps
/// fewer mappings.
constexpr uintptr_t MaxGap = 16 * 4096;

uintptr_t pageSize() { return getauxval(AT_PAGESZ); }

bool protect(uintptr_t Begin, uintptr_t End, int Protection) {
  return mprotect(reinterpret_cast<void *>(Begin), End - Begin, Protection) ==
         0;
}

/// Lets no CPU of the process go on with instructions that it fetched before.
bool synchronizeCores() {
  return syscall(SYS_membarrier, PrivateExpeditedSyncCore, 0, 0) == 0;
}

template <typename T> T *take(char *&Memory, size_t Count) {
  T *Result = reinterpret_cast<T *>(Memory);
  Memory += Count * sizeof(T);
  return Result;
}

} // namespace

bool BranchTable::init(const ModuleDescriptor &Module) {
  const BranchRecord *Begin = Module.BranchesBegin, *End = Module.BranchesEnd;
  clear();
  if (Begin == End)
    return true;
  if (!findSegment(reinterpret_cast<uintptr_t>(Begin->Address.get()), Text))
    return false;
  size_t Branches = End - Begin;
  size_t Sites = Module.SitesEnd - Module.SitesBegin;
  size_t Size = Branches * sizeof(*Ordered) + (Sites + 2) * sizeof(*First) +
                Sites * sizeof(*Opened);
  void *P = mmap(nullptr, Size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (P == MAP_FAILED)
    return false;
  char *Memory = static_cast<char *>(P);
  Bytes = Size;
  Ordered = take<const BranchRecord *>(Memory, Branches);
  First = take<uint32_t>(Memory, Sites + 2);
  Opened = take<Atomic<bool>>(Memory, Sites);
  // Counted, summed up, and placed: a place is taken by raising the start of
  // the next site, two further on, which so becomes the end of this one.
  for (const BranchRecord *B = Begin; B != End; ++B)
    ++First[B->Where.get() - Module.SitesBegin + 2];
  for (size_t I = 2; I < Sites + 2; ++I)
    First[I] += First[I - 1];
  for (const BranchRecord *B = Begin; B != End; ++B)
    Ordered[First[B->Where.get() - Module.SitesBegin + 1]++] = B;
  return true;
}

void BranchTable::clear() {
  if (Ordered)
    munmap(Ordered, Bytes);
  Ordered = nullptr;
}

const char *BranchWriter::probe() {
  int SavedErrno = errno;
  const char *Refused = nullptr;
  // On our own code, which is mapped as the program's is.
  LoadedSegment Own;
  uintptr_t Here = reinterpret_cast<uintptr_t>(&BranchWriter::probe);
  if (!findSegment(Here, Own))
    Refused = "the runtime's own code is not found";
  else {
    uintptr_t Page = Here & ~(pageSize() - 1);
    if (!protect(Page, Page + pageSize(), Own.Protection | PROT_WRITE) ||
        !protect(Page, Page + pageSize(), Own.Protection))
      Refused = "code may not be made writable (mprotect)";
    else if (syscall(SYS_membarrier, RegisterPrivateExpeditedSyncCore, 0, 0))
      Refused = "no membarrier";
  }
  errno = SavedErrno;
  return Refused;
}

void BranchWriter::add(const BranchRecord &B, const LoadedSegment &Segment,
                       bool IsOpen) {
  if (Count == Capacity || (Count && Text.Begin != Segment.Begin))
    flush();
  auto At = reinterpret_cast<uintptr_t>(B.Address.get());
  if (At < Segment.Begin || At >= Segment.End)
    return;
  Text = Segment;
  Changes[Count++] = {At, reinterpret_cast<uintptr_t>(B.Slow.get()), IsOpen};
}

/// By address. They mostly are: records have the order of the code.
void BranchWriter::sort() {
  for (unsigned I = 1; I < Count; ++I) {
    Change C = Changes[I];
    unsigned J = I;
    for (; J && Changes[J - 1].At > C.At; --J)
      Changes[J] = Changes[J - 1];
    Changes[J] = C;
  }
}

static void writeBranch(uintptr_t At, uintptr_t Slow, bool IsOpen) {
  using arch::BranchWord;
  auto *Word = reinterpret_cast<BranchWord *>(At & -sizeof(BranchWord));
  BranchWord Old = __atomic_load_n(Word, __ATOMIC_RELAXED);
  // Somebody else's breakpoint, or patch, stays.
  if (Old != arch::withBranch(Old, At, Slow, !IsOpen))
    return;
  __atomic_store_n(Word, arch::withBranch(Old, At, Slow, IsOpen),
                   __ATOMIC_RELAXED);
  arch::publishBranch(At);
}

/// Writes the branches from `First` on that are near each other.
/// Returns: the first that it left.
unsigned BranchWriter::writeRange(unsigned First) {
  unsigned Last = First;
  while (Last + 1 != Count && Changes[Last + 1].At - Changes[Last].At < MaxGap)
    ++Last;
  uintptr_t Page = pageSize();
  uintptr_t Begin = Changes[First].At & ~(Page - 1);
  uintptr_t End = (Changes[Last].At & ~(Page - 1)) + Page;
  if (!protect(Begin, End, Text.Protection | PROT_WRITE)) {
    Refusal = "code may not be made writable (mprotect)";
    return Count;
  }
  for (unsigned I = First; I <= Last; ++I)
    writeBranch(Changes[I].At, Changes[I].Slow, Changes[I].IsOpen);
  if (!protect(Begin, End, Text.Protection))
    Refusal = "code stays writable (mprotect)";
  return Last + 1;
}

void BranchWriter::flush() {
  if (!Count)
    return;
  int SavedErrno = errno;
  sort();
  for (unsigned Next = 0; Next != Count && !Refusal;)
    Next = writeRange(Next);
  if (!synchronizeCores() && !Refusal)
    Refusal = "no membarrier";
  Count = 0;
  errno = SavedErrno;
}

} // namespace heapfence
