// If this fails, in a program that uses arm64's memory tagging (MTE) guarded objects are
// not known by a pointer with a tag, or the program does not get its tag faults.
// REQUIRES: mte
// RUN: %clang -O1 -march=armv8.5-a+memtag %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: sh -c '"$0" "$1" crash 2>&1; echo status $?' %run %t | %check %s --check-prefix=CRASH
//
// The C library tags the objects of its heap, and checks them: those move to guarded
// objects and back, and nothing is reported.
// RUN: env GLIBC_TUNABLES=glibc.mem.tagging=3 HF=sample_every=2:check_free=1:verbosity=1 %run %t heap 2>&1 | %check %s --check-prefix=HEAP
#include <arm_acle.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { ProtMte = 0x20, TagFault = 9 };

static char *tagged(char *P) {
  return (char *)((uintptr_t)P | (uintptr_t)0xa << 56);
}

static void onFault(int Signal, siginfo_t *Info, void *Context) {
  printf("program's handler: tag fault %d\n", Info->si_code == TagFault);
  fflush(stdout);
  _exit(0);
}

static void touchByWrongTag(void) {
  char *Own = mmap(NULL, 4096, PROT_READ | PROT_WRITE | ProtMte,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *volatile P = tagged(Own);
  __arm_mte_set_tag(P);
  P[0] = 1;
  printf("by its tag %d\n", P[0]), fflush(stdout);
  P = Own;
  P[1] = 1;
}

static void useHeap(void) {
  enum { Count = 200, Size = 24 };
  static char *Objects[Count];
  int AreTagged = 0, AreWhole = 1;
  for (int Round = 0; Round != 10; ++Round)
    for (int I = 0; I != Count; ++I) {
      char *P = Objects[I];
      if (P)
        AreWhole &= P[0] == (char)I && P[Size - 1] == (char)I &&
                    malloc_usable_size(P) >= Size;
      Objects[I] = P = realloc(P, Size + (Round & 1) * 16);
      memset(P, I, Size);
      AreTagged |= (uintptr_t)P >> 56 != 0;
    }
  for (int I = 0; I != Count; ++I)
    free(Objects[I]);
  printf("heap tagged %d, whole %d\n", AreTagged, AreWhole);
}

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "heap"))
    return useHeap(), 0;
  prctl(PR_SET_TAGGED_ADDR_CTRL,
        PR_TAGGED_ADDR_ENABLE | PR_MTE_TCF_SYNC | 0xfffe << PR_MTE_TAG_SHIFT, 0,
        0, 0);
  char *volatile P = tagged(malloc(16));
  P[0] = 1;
  printf("size %zu\n", malloc_usable_size(P)), fflush(stdout);
  write(STDOUT_FILENO, P, 17);
  puts("");
  free(P);
  fflush(stdout);
  if (argc == 1) {
    struct sigaction Action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &Action, NULL);
  }
  touchByWrongTag();
}
// CHECK:      {{^}}size 16
// CHECK-NEXT: ERROR: HeapFence: heap-buffer-overflow on address 0x[[A:[0-9a-f]{1,14}]] at pc
// CHECK-NEXT: READ at 0x[[A]] thread T0 in argument 2 of write() (with a tag: 0xa
// CHECK:      0x[[A]] is located 0 bytes after 16-byte region
// CHECK:      SUMMARY: HeapFence: heap-buffer-overflow
// CHECK-NOT:  HeapFence
// CHECK:      by its tag 1
// CHECK-NEXT: program's handler: tag fault 1
// CRASH:      by its tag 1
// CRASH-NOT:  HeapFence
// CRASH:      status 139
// HEAP-NOT:  ERROR
// HEAP:      {{[1-9][0-9]*}} guarded, {{.*}} 0 reports
// HEAP-NEXT: {{^}}heap tagged 1, whole 1
