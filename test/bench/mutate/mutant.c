// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chooses, in a program built with HeapMutate, which bug is awake. Compiled
// plainly and linked in.
//
//   MUTANT=K           site K's bug strikes
//   MUTANT=all-counts  none strikes; every site counts its executions
//   MUTANT=list        lists the sites and exits
//   MUTANT_AT=N        strike only on the N-th execution (default: every)
//   MUTANT_COUNT=FILE  executions of each site, 32 bits each. The file is
//                      mapped, so that a crash does not lose them.

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Written by HeapMutate.cpp, in this layout.
struct site {
  uint32_t IsAwake;
  uint32_t Kind;
  uint32_t Line, Column;
  const char *File, *Function;
};

extern struct site __start_heapmutate_sites[] __attribute__((weak));
extern struct site __stop_heapmutate_sites[] __attribute__((weak));

static uint32_t *Executions;
static uint32_t StrikeAt; // 0: every execution
static int IsCounting;    // all-counts

int __mutant_strikes(struct site *Site, const void *Object) {
  if (!Object)
    return 0;
  uint32_t Index = (uint32_t)(Site - __start_heapmutate_sites);
  uint32_t Execution =
      __atomic_add_fetch(&Executions[Index], 1, __ATOMIC_RELAXED);
  return !IsCounting && (!StrikeAt || Execution == StrikeAt);
}

static void die(const char *What) {
  dprintf(2, "mutant: %s\n", What);
  _exit(125);
}

static void list(uint32_t Count) {
  static const char *const Kinds[] = {"short-alloc", "early-free",
                                      "double-free", "dangling-read"};
  for (uint32_t I = 0; I < Count; ++I) {
    const struct site *S = &__start_heapmutate_sites[I];
    printf("%u\t%s\t%s\t%u\t%u\t%s\n", I, Kinds[S->Kind], S->File, S->Line,
           S->Column, S->Function);
  }
  fflush(stdout);
  _exit(0);
}

static void mapCounts(uint32_t Count) {
  const char *Path = getenv("MUTANT_COUNT");
  int Flags = MAP_SHARED | MAP_ANONYMOUS, File = -1;
  size_t Size = Count * sizeof(*Executions);
  if (Path) {
    File = open(Path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (File < 0 || ftruncate(File, (off_t)Size))
      die("cannot write MUTANT_COUNT");
    Flags = MAP_SHARED;
  }
  Executions = mmap(NULL, Size, PROT_READ | PROT_WRITE, Flags, File, 0);
  if (Executions == MAP_FAILED)
    die("no memory for the counts");
  if (File >= 0)
    close(File);
}

// Before the program's own constructors.
__attribute__((constructor(101))) static void choose(void) {
  const char *Which = getenv("MUTANT"), *At = getenv("MUTANT_AT");
  uint32_t Count =
      (uint32_t)(__stop_heapmutate_sites - __start_heapmutate_sites);
  if (!Which || !Count)
    return;
  if (!strcmp(Which, "list"))
    list(Count);
  mapCounts(Count);
  if (At && strcmp(At, "every"))
    StrikeAt = (uint32_t)strtoul(At, NULL, 10);
  IsCounting = !strcmp(Which, "all-counts");
  if (IsCounting) {
    for (uint32_t I = 0; I < Count; ++I)
      __start_heapmutate_sites[I].IsAwake = 1;
    return;
  }
  char *End;
  unsigned long Chosen = strtoul(Which, &End, 10);
  if (*End || End == Which || Chosen >= Count)
    die("MUTANT is no site");
  __start_heapmutate_sites[Chosen].IsAwake = 1;
}
