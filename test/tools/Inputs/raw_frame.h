// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints stack frames of the running program as the runtime does.

#ifndef RAW_FRAME_H
#define RAW_FRAME_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE // dl_iterate_phdr
#endif
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ElfW(Addr) LoadBias;
static char BuildId[65];

static void readBuildId(const char *At, const char *End) {
  while (At < End) {
    const ElfW(Nhdr) *Note = (const ElfW(Nhdr) *)At;
    const unsigned char *Name = (const unsigned char *)(Note + 1);
    const unsigned char *Data = Name + (Note->n_namesz + 3) / 4 * 4;
    if (Note->n_type == NT_GNU_BUILD_ID && !memcmp(Name, "GNU", 4))
      for (unsigned I = 0; I < Note->n_descsz && I < 32; ++I)
        sprintf(BuildId + 2 * I, "%02x", Data[I]);
    At = (const char *)Data + (Note->n_descsz + 3) / 4 * 4;
  }
}

// The first module is the program.
static int readProgram(struct dl_phdr_info *Info, size_t Size, void *Unused) {
  (void)Size;
  (void)Unused;
  LoadBias = Info->dlpi_addr;
  for (int I = 0; I < Info->dlpi_phnum; ++I) {
    const char *At = (const char *)LoadBias + Info->dlpi_phdr[I].p_vaddr;
    if (Info->dlpi_phdr[I].p_type == PT_NOTE)
      readBuildId(At, At + Info->dlpi_phdr[I].p_memsz);
  }
  return 1;
}

/// Prints a frame for the call that returns to `ReturnAddress`. `Site` is
/// empty, or what HeapFence's site table knows: " in FUNCTION FILE:LINE".
static void printRawFrame(unsigned Number, const void *ReturnAddress,
                          const char *Site) {
  char Path[4096] = "";
  if (readlink("/proc/self/exe", Path, sizeof(Path) - 1) < 0)
    return;
  dl_iterate_phdr(readProgram, NULL);
  ElfW(Addr) Pc = (ElfW(Addr))ReturnAddress - 1;
  printf("    #%u 0x%lx%s (%s+0x%lx)", Number, (unsigned long)Pc, Site, Path,
         (unsigned long)(Pc - LoadBias));
  if (BuildId[0])
    printf(" (BuildId: %s)", BuildId);
  printf("\n");
}

#endif // RAW_FRAME_H
