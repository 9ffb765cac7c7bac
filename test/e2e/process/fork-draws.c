// If this fails, all children of a server guard the same allocations: together
// they find no more than one of them.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=20:seed=0 %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=20:seed=0 %run %t 2>&1 | %check %s
// The draws alone make the difference: where they are pinned there is none.
// RUN: env HF=sample_every=20:seed=7 %run %t 2>&1 | %check %s --check-prefix=PINNED
#include "heapfence/heapfence.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Count = 1000 };

/// Which allocations of a new child are guarded.
static void drawsOfChild(char *Guarded) {
  int Pipe[2];
  if (pipe(Pipe))
    abort();
  if (fork() == 0) {
    for (int I = 0; I != Count; ++I) {
      void *volatile P = malloc(10);
      Guarded[I] = (char)heapfence_is_guarded(P);
      free(P);
    }
    _exit(write(Pipe[1], Guarded, Count) != Count);
  }
  if (read(Pipe[0], Guarded, Count) != Count)
    abort();
  wait(NULL);
}

int main(void) {
  static char First[Count], Second[Count];
  free(malloc(10));
  drawsOfChild(First);
  drawsOfChild(Second);
  printf("any %d\n", memchr(First, 1, Count) && memchr(Second, 1, Count));
  printf("same %d\n", memcmp(First, Second, Count) == 0);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}any 1
// CHECK-NEXT: {{^}}same 0

// PINNED-NOT: HeapFence
// PINNED: {{^}}any 1
// PINNED-NEXT: {{^}}same 1
