// If this fails, a crash handler that asks what is at an address is told wrong,
// or crashes.
// RUN: %clang -O0 -std=c99 -pedantic -Wall -Wextra -Werror -D_DEFAULT_SOURCE -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=unwind=none %run %t 2>&1 | %check %s --check-prefix=TOP
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// The stack that was kept in part, for lack of time:
// RUN: env HF=sample_every=0:light_slots=0 %run %t 2>&1 | %check %s
// RUN: %clangxx -x c++ -std=c++11 -pedantic -Wall -Wextra -Werror -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=enabled=0 %run %t off 2>&1 | %check %s --check-prefix=OFF
// RUN: %plain -O0 -I%S/../../../runtime/include %s -o %t.plain
// RUN: %t.plain off | %check %s --check-prefix=WITHOUT
// RUN: %plainxx -x c++ -O0 -I%S/../../../runtime/include %s -o %t.plain
// RUN: %t.plain off | %check %s --check-prefix=WITHOUT
#include <errno.h>
#include <heapfence/heapfence.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static sigjmp_buf Back;
static struct heapfence_description Found;
static int IsOurs = -1;
static char *volatile Suspect;

static void onFault(int Signal) {
  (void)Signal;
  Found.size = sizeof(Found);
  if (heapfence_describe)
    IsOurs = heapfence_describe(Suspect, &Found);
  siglongjmp(Back, 1);
}

/// Asks in a handler of a fault that is none of HeapFence's, on a small stack.
static void ask(const char *What, char *P) {
  Suspect = P;
  errno = 77;
  if (!sigsetjmp(Back, 1))
    *(volatile char *)0x10 = 1;
  if (errno != 77)
    puts("errno changed");
  printf("%s: %d, state %u, relation %u, distance %d, size %d, version %u\n",
         What, IsOurs, Found.state, Found.relation, (int)Found.distance,
         (int)Found.object_size, Found.version);
  if (!Found.object_size)
    return;
  printf("  %s:%u, freed in line %u, frames %u %u\n", Found.allocated_at.function,
         Found.allocated_at.line, Found.freed_at.line, Found.allocation.count,
         Found.release.count);
}

int main(int Argc, char **Argv) {
  (void)Argv;
  static char Stack[8192 + 4096], Own;
  stack_t Alternate;
  struct sigaction Action;
  memset(&Alternate, 0, sizeof(Alternate));
  Alternate.ss_sp = Stack;
  Alternate.ss_size = sizeof(Stack);
  sigaltstack(&Alternate, NULL);
  memset(&Action, 0, sizeof(Action));
  Action.sa_handler = onFault;
  Action.sa_flags = SA_ONSTACK;
  sigaction(SIGSEGV, &Action, NULL);

  char *P = (char *)malloc(48);
  ask("inside", P + 5);
  ask("after", P + 60);
  ask("before", P - 1);
  free(P);
  if (Argc == 1)
    ask("freed", P + 47);
  ask("null", NULL);
  ask("static", &Own);
  if (Argc == 1) {
    ask("nowhere", (char *)(((uintptr_t)P & ~(uintptr_t)0x3fffffff) | 0x3ffff000));
    // As an older program would ask.
    struct heapfence_description Small;
    memset(&Small, 0x55, sizeof(Small));
    Small.size = 12;
    printf("small: %d, size %u, state %u", heapfence_describe(P, &Small),
           Small.size, Small.state);
    printf(", then %x\n", Small.relation);
  }
  puts("done");
  return 0;
}
// CHECK:      {{^}}inside: 1, state 2, relation 0, distance 5, size 48, version 1
// CHECK-NEXT: main:[[#@LINE-23]], freed in line 0, frames {{[2-9]}} 0
// CHECK-NEXT: {{^}}after: 1, state 2, relation 1, distance 12, size 48, version 1
// CHECK-NEXT: main:[[#@LINE-25]], freed in line 0, frames {{[2-9]}} 0
// CHECK-NEXT: {{^}}before: 1, state 2, relation 2, distance 1, size 48, version 1
// CHECK-NEXT: main:
// CHECK-NEXT: {{^}}freed: 1, state 3, relation 0, distance 47, size 48, version 1
// CHECK-NEXT: main:[[#@LINE-29]], freed in line [[#@LINE-25]], frames {{[2-9]}} {{[2-9]}}
// CHECK-NEXT: {{^}}null: 0, state 0, relation 0, distance 0, size 0, version 1
// CHECK-NEXT: {{^}}static: 0, state 0, relation 0, distance 0, size 0, version 1
// CHECK-NEXT: {{^}}nowhere: 1, state 1, relation 0, distance 0, size 0, version 1
// CHECK-NEXT: {{^}}small: 1, size 12, state 3, then 55555555
// CHECK-NEXT: {{^}}done

// TOP: {{^}}inside: 1
// TOP-NEXT: main:[[#@LINE-37]], freed in line 0, frames 1 0

// OFF:      {{^}}inside: 0, state 0, relation 0, distance 0, size 0, version 1
// OFF-NOT:  {{^}}[a-z]*: 1
// OFF:      {{^}}done

// WITHOUT:     {{^}}inside: -1,
// WITHOUT-NOT: {{^}}[a-z]*: [01]
// WITHOUT:     {{^}}done
