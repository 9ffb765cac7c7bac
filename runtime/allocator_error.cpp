// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the allocator found by itself.

#include "allocator_error.h"
#include "modules.h"
#include "real.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

namespace heapfence {

namespace {

/// As glibc keeps it for debuggers, in its __abort_msg.
struct LibcMessage {
  unsigned Size;
  char Text[];
};

LibcMessage *const *TheMessage;

bool startsWith(const char *Text, const char *Prefix) {
  return strncmp(Text, Prefix, strlen(Prefix)) == 0;
}

/// The load address of the object that holds `Address`; 0 if none does.
uintptr_t objectOf(uintptr_t Address) {
  LoadedObject O;
  return findObject(Address, O) ? O.Bias : 0;
}

} // namespace

void findAbortMessage() {
  TheMessage =
      static_cast<LibcMessage *const *>(dlsym(RTLD_DEFAULT, "__abort_msg"));
}

const char *abortMessage() {
  const LibcMessage *M =
      TheMessage ? __atomic_load_n(TheMessage, __ATOMIC_ACQUIRE) : nullptr;
  if (!M)
    return nullptr;
  static char Line[128];
  size_t Size = strcspn(M->Text, "\n");
  Size = Size < sizeof(Line) ? Size : sizeof(Line) - 1;
  memcpy(Line, M->Text, Size);
  Line[Size] = '\0';
  return Line;
}

ErrorKind judgeAbortMessage(const char *Message) {
  // The first that fits.
  struct {
    const char *Beginning;
    ErrorKind Kind;
  } static constexpr Wordings[] = {
      {"free(): double free detected", ErrorKind::DoubleFree},
      // The object on top of its list; others may be sound but for what was
      // written beside them.
      {"double free or corruption (fasttop)", ErrorKind::DoubleFree},
      {"double free or corruption", ErrorKind::Corruption},
      {"free(): invalid pointer", ErrorKind::InvalidFree},
      {"realloc(): invalid pointer", ErrorKind::InvalidFree},
      {"munmap_chunk(): invalid pointer", ErrorKind::InvalidFree},
      {"mremap_chunk(): invalid pointer", ErrorKind::InvalidFree},
      {"free(): ", ErrorKind::Corruption},
      {"realloc(): ", ErrorKind::Corruption},
      {"malloc(): ", ErrorKind::Corruption},
      {"malloc_consolidate(): ", ErrorKind::Corruption},
      {"munmap_chunk(): ", ErrorKind::Corruption},
      {"corrupted ", ErrorKind::Corruption},
      {"invalid fastbin entry", ErrorKind::Corruption},
      {"break adjusted to free malloc space", ErrorKind::Corruption},
  };
  for (const auto &W : Wordings)
    if (startsWith(Message, W.Beginning))
      return W.Kind;
  return ErrorKind::None;
}

unsigned findAllocatorCall(const uintptr_t *Pcs, unsigned Count) {
  uintptr_t Allocator = objectOf(reinterpret_cast<uintptr_t>(real::Free));
  uintptr_t Libc = objectOf(reinterpret_cast<uintptr_t>(TheMessage));
  uintptr_t Own = objectOf(reinterpret_cast<uintptr_t>(&findAllocatorCall));
  unsigned I = 0;
  for (; I != Count; ++I) {
    uintptr_t Object = objectOf(Pcs[I]);
    // Until it is first called, real::Free is in our own object.
    if (!Object || Object == Own || (Object != Allocator && Object != Libc))
      break;
  }
  return I == 0 ? Count : I;
}

} // namespace heapfence
