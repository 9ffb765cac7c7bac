// If this fails, a core file of a program that ended for another reason is
// taken for an error of the heap's use; or pointers to objects in registers are
// not told.
// REQUIRES: core-files
// RUN: %clang -O1 %s -o %t
// RUN: %S/Inputs/dump %t.core %t abort > %t.out 2>&1
// RUN: not grep HeapFence %t.out
// RUN: %hf core %t.core %t | %check %s --check-prefixes=ABORT,NONE
// RUN: %S/Inputs/dump %t.core %t assert > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=ABORT,NONE
// RUN: %S/Inputs/dump %t.core %t null > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=NULL,NONE
// RUN: %S/Inputs/dump %t.core %t kill > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=KILL,NONE
// RUN: %S/Inputs/dump %t.core %t protected > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=OWN,NONE
// RUN: %S/Inputs/dump %t.core %t live > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=POINTER,LIVE,NONE
// RUN: %S/Inputs/dump %t.core %t freed > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=POINTER,FREED,NONE
// RUN: %S/Inputs/dump %t.core %t past > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=POINTER,PAST,NONE
// RUN: env HF=only_light=1 %S/Inputs/dump %t.core %t abort > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefixes=ABORT,NONE
// RUN: rm %t.core
#include <assert.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/// A wild store while a register points to `p`.
static void crash_with(char *p) {
#ifdef __x86_64__
  __asm__ volatile("movb $1, 0x10" : : "b"(p) : "memory");
#else
  register char *kept __asm__("x19") = p;
  __asm__ volatile("strb wzr, [%1]" : : "r"(kept), "r"(0x10L) : "memory");
#endif
}

int main(int argc, char **argv) {
  const char *what = argv[1];
  char *volatile p = malloc(40), *volatile empty = malloc(0),
                *volatile large = malloc(3 * 4096 + 1),
                *volatile whole = malloc(4096);
  free(malloc(10));
  memset(p, argc, 40);
  memset(large, argc, 3 * 4096 + 1);
  if (!strcmp(what, "abort"))
    abort();
  if (!strcmp(what, "assert"))
    assert(!argc);
  if (!strcmp(what, "kill"))
    raise(SIGSEGV);
  if (!strcmp(what, "protected")) {
    mprotect(whole, 4096, PROT_NONE);
    whole[7] = 1;
  }
  if (!strcmp(what, "live"))
    crash_with(p + 3);
  if (!strcmp(what, "past"))
    crash_with(p + 40);
  if (!strcmp(what, "freed")) {
    free(p);
    crash_with(p + 39);
  }
  p = empty;
  *(volatile char *)0x10 = 1;
}
// ABORT:   {{^}}==[[#]]==HeapFence: the process was ended by SIGABRT, which tells no address
// NULL:    {{^}}==[[#]]==HeapFence: the process was ended by SIGSEGV at 0x10, which is in no guarded object
// KILL:    {{^}}==[[#]]==HeapFence: the process was ended by SIGSEGV, which tells no address
// OWN:     {{^}}==[[#]]==HeapFence: the process was ended by SIGSEGV at 0x{{[0-9a-f]+}}, in a live object that the program itself has protected
// POINTER: ended by SIGSEGV at 0x10, which is in no guarded object
// POINTER: HeapFence: registers that point into guarded memory:
// LIVE:    {{^}}    {{rbx|x19}}: 0x{{[0-9a-f]+}} is located 3 bytes inside of 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site {{[0-9]+}}, 1st guarded here), live
// FREED:   {{^}}    {{rbx|x19}}: 0x{{[0-9a-f]+}} is located 39 bytes inside of 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site {{[0-9]+}}, 1st guarded here), freed
// PAST:    {{^}}    {{rbx|x19}}: 0x{{[0-9a-f]+}} is located 0 bytes after 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site {{[0-9]+}}, 1st guarded here), live
// NONE-NOT: ERROR: HeapFence
// NONE-NOT: not checked
// NONE:    {{^}}==[[#]]==HeapFence: no error is seen in the guarded objects
