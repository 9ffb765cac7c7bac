// If this fails, what the C library's allocator finds in objects that are not
// guarded, and ends the program for, is not reported, or reported as something
// else, or the program ends in another way than without us.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c '"$0" "$1" twice 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,TWICE,ABORT
// RUN: sh -c '"$0" "$1" inside 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,INSIDE,ABORT
// RUN: sh -c '"$0" "$1" overrun 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,BESIDE,ABORT
// RUN: sh -c '"$0" "$1" wild 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,WILD
// RUN: sh -c 'HF=on_error=exit:exitcode=7 "$0" "$1" twice 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,TWICE,EXIT
// RUN: %run %t handled 2>&1 | %check %s --check-prefixes=EACH,TWICE,HANDLED
// RUN: %run %t none 2>&1 | %check %s --check-prefix=NONE
// RUN: sh -c '"$0" "$1" abort 2>&1; echo status $?' %run %t | %check %s --check-prefix=OTHER
// RUN: sh -c '"$0" "$1" message 2>&1; echo status $?' %run %t | %check %s --check-prefix=OTHER
// RUN: sh -c '"$0" "$1" crash 2>&1; echo status $?' %run %t | %check %s --check-prefix=CRASH
// RUN: %clang -O2 %s -o %t
// RUN: sh -c '"$0" "$1" twice 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,TWICE,ABORT
// RUN: sh -c '"$0" "$1" wild 2>&1; echo status $?' %run %t | %check %s --check-prefixes=EACH,WILD
// RUN: %run %t none 2>&1 | %check %s --check-prefix=NONE
void heapfence_thread_enable(int);
#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sigjmp_buf Back;
static void goBack(int Signal) { siglongjmp(Back, Signal); }

__attribute__((noinline)) static void release(void *P) {
  free(P);
}

int main(int argc, char **argv) {
  const char *What = argv[1];
  heapfence_thread_enable(0);
  char *volatile P = malloc(40), *volatile Q = malloc(2000), *volatile R;
  R = malloc(40);
  if (!strcmp(What, "abort"))
    abort();
  if (!strcmp(What, "message")) // glibc keeps it at the same place.
    assert(!"free(): an assertion's text is no allocator's");
  if (!strcmp(What, "crash"))
    return (int)strlen((char *)16);
  if (!strcmp(What, "handled")) {
    signal(SIGABRT, goBack);
    if (sigsetjmp(Back, 1)) {
      puts("back");
      return 0;
    }
  }
  if (!strcmp(What, "overrun"))
    memset(P, 'a', 40 + 16); // The size of what comes behind it.
  if (!strcmp(What, "inside"))
    release(P + 8);
  if (!strcmp(What, "wild"))
    release((void *)0x4141414141414140);
  if (!strcmp(What, "overrun"))
    release(Q);
  else
    release(P);
  if (!strcmp(What, "twice") || !strcmp(What, "handled"))
    release(P);
  release(R);
  puts("done");
}
// EACH-NOT: HeapFence
// TWICE:   ==ERROR: HeapFence: double-free on unknown address at pc 0x
// INSIDE:  ==ERROR: HeapFence: invalid-free on unknown address at pc 0x
// BESIDE: ==ERROR: HeapFence: heap-corruption on unknown address at pc 0x
// WILD:    ==ERROR: HeapFence: allocator-crash on unknown address at pc 0x
// TWICE-NEXT:   {{^}}the allocator found an error (free(): double free detected in tcache 2) in thread T0 here:
// INSIDE-NEXT:  {{^}}the allocator found an error (free(): invalid pointer) in thread T0 here:
// BESIDE-NEXT: {{^}}the allocator found an error ({{.+}}) in thread T0 here:
// WILD-NEXT:    {{^}}the allocator found an error (it crashed) in thread T0 here:
// EACH-NEXT: {{^}}    #0 {{.*}} in release {{.*}}allocator-aborts.c:[[#@LINE-45]]:3 (
// EACH-NEXT: {{^}}    #1 0x
// EACH:      {{^}}The object was not guarded: nothing more is known of it.
// EACH-NEXT: {{^}}SUMMARY: HeapFence: {{[a-z-]+}} {{.*}}allocator-aborts.c:[[#@LINE-48]]:3 in release
// EACH-NOT:  HeapFence
// ABORT:   {{^}}status 134
// WILD:    {{^}}status 139
// EXIT:    {{^}}status 7
// HANDLED: {{^}}back

// NONE-NOT: HeapFence
// NONE: {{^}}done

// OTHER-NOT: HeapFence:
// OTHER: {{^}}status 134

// CRASH-NOT: HeapFence
// CRASH: {{^}}status 139
