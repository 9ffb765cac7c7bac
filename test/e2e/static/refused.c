// If this fails, a program whose system lets no code be written, or has no
// membarrier, does not run as if never instrumented, or nobody says so.
// RUN: %plain %S/Inputs/refuse.c -o %t.refuse
// RUN: %clang %static -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t.refuse mdwe %t 2>&1 | %check %s --check-prefixes=CLOSED,MDWE
// RUN: %run %t.refuse membarrier %t 2>&1 | %check %s --check-prefixes=CLOSED,MEMBARRIER
// What is refused only when the first branch is written: opened all the same.
// RUN: %run %t.refuse later %t 2>&1 | %check %s --check-prefix=LATER
// RUN: env HF=sample_every=0 %run %t.refuse later %t 2>&1 | %check %s --check-prefix=LATER
// The twin, and a program without static branches.
// RUN: %run %t 2>&1 | %check %s --check-prefix=OPEN
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t.refuse mdwe %t 2>&1 | %check %s --check-prefix=OPEN
// UNSUPPORTED: guard-static
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  int guarded = 0;
  for (int i = 0; i != 100; ++i) {
    void *volatile p = malloc(10);
    guarded += heapfence_is_guarded(p);
    free(p);
  }
  fprintf(stderr, "guarded: %s\n", guarded == 100 ? "all" : guarded ? "some" : "none");
}
// CLOSED-NOT: HeapFence
// MDWE: {{^}}==[[#]]==HeapFence: static branches stay closed: code may not be made writable (mprotect)
// MEMBARRIER: {{^}}==[[#]]==HeapFence: static branches stay closed: no membarrier
// CLOSED-NOT: HeapFence
// CLOSED: guarded: none
// LATER-NOT: HeapFence
// LATER: {{^}}==[[#]]==HeapFence: static branches stay as they are: no membarrier
// LATER-NOT: HeapFence
// LATER: guarded: {{all|some}}
// OPEN-NOT: HeapFence
// OPEN: guarded: all
