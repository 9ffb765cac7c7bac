// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Page protection by guard markers or mprotect.

#include "pages.h"
#include "arch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace heapfence {

namespace {

// Linux 6.13; not yet in the C library's headers.
constexpr int MadvGuardInstall = 102;
constexpr int MadvGuardRemove = 103;

/// The end of the user address space that both CPUs have at least.
constexpr uintptr_t AddressSpaceEnd = uintptr_t(1) << 46;
static_assert(!(AddressSpaceEnd - 1 & arch::OutsideBit) &&
              (!arch::InsideBit || AddressSpaceEnd == 2 * arch::InsideBit));

void *pointer(uintptr_t Address) { return reinterpret_cast<void *>(Address); }

class SavedErrno {
public:
  SavedErrno() : Value(errno) {}
  ~SavedErrno() { errno = Value; }

private:
  int Value;
};

bool advise(uintptr_t Begin, size_t Size, int Advice) {
  int Result;
  do
    Result = madvise(pointer(Begin), Size, Advice);
  while (Result && errno == EINTR);
  return Result == 0;
}

bool protect(uintptr_t Begin, size_t Size, int Protection) {
  return mprotect(pointer(Begin), Size, Protection) == 0;
}

uintptr_t map(uintptr_t Hint, size_t Size, int Flags) {
  void *P = mmap(pointer(Hint), Size, PROT_NONE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | Flags, -1, 0);
  return P == MAP_FAILED ? 0 : reinterpret_cast<uintptr_t>(P);
}

/// What `Pages::reserve` says, all of it inaccessible.
uintptr_t reserveClosed(size_t Size, uint64_t Random, size_t Before) {
  // Not the lowest places: small address spaces and non-PIE programs.
  uintptr_t First = arch::InsideBit ? arch::InsideBit + Size : 16 * Size;
  uint64_t Places = (AddressSpaceEnd - First) / Size;
  constexpr int Attempts = 64;
  for (int I = 0; I != Attempts; ++I) {
    uintptr_t Base = First + (Random + unsigned(I)) % Places * Size;
    uintptr_t Got = map(Base - Before, Before + Size, MAP_FIXED_NOREPLACE);
    if (Got == Base - Before)
      return Base;
    if (Got) // A kernel before 4.17 takes the hint as a wish.
      munmap(pointer(Got), Before + Size);
  }
  if (arch::InsideBit)
    return 0;
  // Anywhere: so much holds an aligned part.
  uintptr_t Whole = map(0, Before + 2 * Size, 0);
  if (!Whole)
    return 0;
  uintptr_t Base = (Whole + Before + Size - 1) & ~(Size - 1);
  uintptr_t Begin = Base - Before, End = Whole + Before + 2 * Size;
  if (Begin != Whole)
    munmap(pointer(Whole), Begin - Whole);
  if (Base + Size != End)
    munmap(pointer(Base + Size), End - Base - Size);
  return Base;
}

} // namespace

bool isReadable(uintptr_t Address) {
  SavedErrno Keep;
  // The kernel copies the signal set before it judges the operation, and this
  // operation does not exist: EFAULT means unreadable, EINVAL readable, and
  // the signal mask stays as it is. Unlike process_vm_readv, every sandbox
  // allows it. Null would mean no set: the page's next word answers for it.
  constexpr int NoSuchOperation = -1;
  constexpr size_t KernelSetSize = 8;
  uintptr_t Set = Address & ~uintptr_t(KernelSetSize - 1);
  long Result =
      syscall(SYS_rt_sigprocmask, NoSuchOperation,
              pointer(Set ? Set : KernelSetSize), nullptr, KernelSetSize);
  return Result == 0 || errno != EFAULT;
}

uintptr_t Pages::reserve(size_t Size, uint64_t Random, size_t Before) {
  SavedErrno Keep;
  PageSize = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  uintptr_t Base = reserveClosed(Size, Random, Before);
  if (!Base)
    return 0;
  // Not by mprotect: unlike the rest, which may never be used, it counts as
  // memory in use, and so stays a mapping of its own beside opened pages. (gdb
  // copies of a mapping what is before the first page that is closed.)
  if (Before &&
      mmap(pointer(Base - Before), Before, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
    munmap(pointer(Base - Before), Before + Size);
    return 0;
  }
  // A huge page would take 2 MiB for one object; where the kernel has none,
  // there is nothing to refuse.
  advise(Base - Before, Before + Size, MADV_NOHUGEPAGE);
  return Base;
}

bool Pages::choose(GuardMode Mode, uintptr_t Scratch) {
  SavedErrno Keep;
  UsesMarkers = false;
  if (Mode == GuardMode::Mprotect)
    return true;
  // Some environments accept the advice and do nothing: believe it only after
  // a marked page is seen to be closed, and to open again.
  UsesMarkers = true;
  bool Works = prepare(Scratch, 2 * PageSize) && !isReadable(Scratch) &&
               open(Scratch, PageSize) && isReadable(Scratch) &&
               close(Scratch, PageSize) && !isReadable(Scratch);
  UsesMarkers = Works;
  // Anew: mprotect does not take away markers that can only be installed.
  if (!Works && !map(Scratch, 2 * PageSize, MAP_FIXED))
    return false;
  return Works || Mode == GuardMode::Auto;
}

bool Pages::prepare(uintptr_t Begin, size_t Size) {
  SavedErrno Keep;
  // Accessible for a moment, but nothing was ever there to be found.
  if (UsesMarkers && !protect(Begin, Size, PROT_READ | PROT_WRITE))
    return false;
  return close(Begin, Size); // What a report opened, too.
}

bool Pages::open(uintptr_t Begin, size_t Size) {
  SavedErrno Keep;
  return UsesMarkers ? advise(Begin, Size, MadvGuardRemove)
                     : protect(Begin, Size, PROT_READ | PROT_WRITE);
}

bool Pages::close(uintptr_t Begin, size_t Size) {
  SavedErrno Keep;
  if (!UsesMarkers)
    return closeByProtection(Begin, Size);
  // Locked memory refuses markers until it is unlocked.
  return advise(Begin, Size, MadvGuardInstall) ||
         (munlock(pointer(Begin), Size) == 0 &&
          advise(Begin, Size, MadvGuardInstall));
}

bool Pages::closeByProtection(uintptr_t Begin, size_t Size) {
  if (!protect(Begin, Size, PROT_NONE))
    return false;
  if (advise(Begin, Size, MADV_DONTNEED) ||
      (munlock(pointer(Begin), Size) == 0 &&
       advise(Begin, Size, MADV_DONTNEED)))
    return true;
  // The memory stays; at least it reads as zero when it is opened again.
  if (!protect(Begin, Size, PROT_READ | PROT_WRITE))
    return true;
  memset(pointer(Begin), 0, Size);
  return protect(Begin, Size, PROT_NONE);
}

} // namespace heapfence
