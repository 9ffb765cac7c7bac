// If this fails, a write beside an object, on its own pages, stays unseen in a
// core file; or an object that nobody wrote beside is told.
// REQUIRES: core-files
// RUN: %clang -O1 -g %s -o %t
// RUN: %S/Inputs/dump %t.core %t after > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=EACH,AFTER
// RUN: env HF=guard=mprotect:show_bytes=1 %S/Inputs/dump %t.core %t after > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=EACH,BYTES
// RUN: %S/Inputs/dump %t.core %t before > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=EACH,BEFORE
// Between canaries, also once freed:
// RUN: env HF=only_light=1 %S/Inputs/dump %t.core %t before > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=EACH,BEFORE
// RUN: env HF=only_light=1 %S/Inputs/dump %t.core %t freed > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=EACH,FREED
// With a fault in another object, both:
// RUN: %S/Inputs/dump %t.core %t both > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=BOTH,EACH,AFTER
// What HeapFence reported itself is not reported again.
// RUN: %S/Inputs/dump %t.core %t told > %t.out 2>&1
// RUN: grep "ERROR: HeapFence: heap-corruption" %t.out
// RUN: %hf core %t.core %t | %check %s --check-prefix=TOLD
// RUN: %S/Inputs/dump %t.core %t fixed > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=FIXED
// RUN: rm %t.core
#include "Inputs/die.h"
#include <stdlib.h>
#include <string.h>

static char *volatile kept[3];

int main(int argc, char **argv) {
  const char *what = argv[1];
  // As a crash that no handler sees: else HeapFence reports it itself.
  if (strcmp(what, "told"))
    die_of(SIGABRT);
  die_of(SIGSEGV);
  for (int i = 0; i != 3; ++i)
    kept[i] = malloc(21);
  if (!strcmp(what, "told") || !strcmp(what, "after") || !strcmp(what, "both"))
    kept[1][22] ^= 0x41;
  if (!strcmp(what, "before"))
    kept[1][-2] ^= 1;
  if (!strcmp(what, "freed")) {
    free(kept[1]);
    kept[1][3] ^= 1;
  }
  if (!strcmp(what, "both")) {
    free(kept[2]);
    kept[2][5] = 1;
  }
  kept[0][20] = argc;
  abort();
}
// BOTH:   ERROR: HeapFence: heap-use-after-free on address
// BOTH:   (heapfence-#3,
// BOTH:   SUMMARY: HeapFence: heap-use-after-free
// EACH:   {{^}}==[[#]]==ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]][[D:[0-9a-f]]] at pc
// EACH:   {{^}}corruption at [[A]][[D]] found by thread T0 here:
// EACH:   in main {{.*}}corruption.c:
// AFTER:  {{^}}[[A]][[D]] is located 1 byte after 21-byte region [{{.*}}) (heapfence-#2,
// AFTER-NEXT: {{^}}1 byte changed:
// AFTER-NEXT: {{^}}    [[A]]0: {{((--|\.\.) )*\*\*( \.\.)?}}
// BYTES:  {{^}}[[A]][[D]] is located 1 byte after 21-byte region [{{.*}}) (heapfence-#2,
// BYTES-NEXT: {{^}}1 byte changed:
// BYTES-NEXT: {{^}}    [[A]]0: {{((--|\.\.) )*[0-9a-f][0-9a-f]( \.\.)?}}
// BEFORE: {{^}}[[A]][[D]] is located 2 bytes before 21-byte region [{{.*}}) (heapfence-#2,
// BEFORE-NEXT: {{^}}1 byte changed:
// FREED:  {{^}}[[A]][[D]] is located 3 bytes inside of 21-byte region [{{.*}}) (heapfence-#2, light,
// FREED:  {{^}}freed by thread T0 here:
// EACH:   allocated by thread T0 here:
// EACH:   #0 {{.*}} in main {{.*}}corruption.c:39:
// EACH:   SUMMARY: HeapFence: heap-corruption
// EACH-NOT: ERROR: HeapFence
// EACH-NOT: no error is seen

// TOLD-NOT: ERROR: HeapFence
// TOLD:     HeapFence: an error in this object was reported before:
// TOLD:     (heapfence-#2,
// TOLD-NOT: ERROR: HeapFence

// FIXED-NOT: ERROR: HeapFence
// FIXED:     HeapFence: no error is seen in the guarded objects
