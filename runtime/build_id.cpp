// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the build id out of ELF notes.
// Called from: signal handler.

#include "modules.h"

#include <elf.h>
#include <link.h>
#include <string.h>

namespace heapfence {

namespace {

bool isBuildIdNote(const ElfW(Nhdr) & Note, const char *Name) {
  return Note.n_type == NT_GNU_BUILD_ID && Note.n_namesz == 4 &&
         memcmp(Name, "GNU", 4) == 0 && Note.n_descsz <= MaxBuildId;
}

size_t alignNote(size_t Size) { return (Size + 3) & ~size_t(3); }

} // namespace

void readBuildId(const char *Notes, size_t Size, LoadedObject &Result) {
  while (Size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) Note;
    memcpy(&Note, Notes, sizeof(Note));
    const char *Name = Notes + sizeof(Note);
    size_t Payload = alignNote(Note.n_namesz) + alignNote(Note.n_descsz);
    if (Payload > Size - sizeof(Note))
      return;
    if (isBuildIdNote(Note, Name)) {
      Result.BuildIdSize = Note.n_descsz;
      memcpy(Result.BuildId, Name + alignNote(Note.n_namesz), Note.n_descsz);
      return;
    }
    Notes = Name + Payload;
    Size -= sizeof(Note) + Payload;
  }
}

} // namespace heapfence
