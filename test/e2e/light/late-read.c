// If this fails, a program that crashes over what it read from a freed object that
// was guarded lightly, or from beside an object, ends without a report; or one
// that crashes otherwise gets one.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'HF=only_light=1 "$0" "$1" freed 2>&1; echo status $?' %run %t | %check %s --check-prefixes=FREED,ALL
// RUN: sh -c 'HF=only_light=1 "$0" "$1" given 2>&1; echo status $?' %run %t | %check %s --check-prefixes=GIVEN,ALL
// RUN: sh -c 'HF=placement=left "$0" "$1" beside 2>&1; echo status $?' %run %t | %check %s --check-prefixes=BESIDE,ALL
// RUN: sh -c 'HF=only_light=1 "$0" "$1" null 2>&1; echo status $?' %run %t | %check %s --check-prefixes=NULL,ALL
// RUN: sh -c 'HF=only_light=1 "$0" "$1" wild 2>&1; echo status $?' %run %t | %check %s --check-prefixes=NULL,ALL
// RUN: sh -c 'HF=only_light=1 "$0" "$1" handled 2>&1; echo status $?' %run %t | %check %s --check-prefix=HANDLED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'HF=only_light=1 "$0" "$1" freed 2>&1; echo status $?' %run %t | %check %s --check-prefixes=FREED,ALL
// RUN: sh -c 'HF=placement=left "$0" "$1" beside 2>&1; echo status $?' %run %t | %check %s --check-prefixes=BESIDE,ALL
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct Node {
  long Value;
  struct Node *Next;
};

static void handler(int Signal) {
  write(1, "handled\n", 8);
  _exit(Signal);
}

__attribute__((noinline)) static long follow(struct Node *volatile N) {
  return N->Next->Value;
}

int main(int argc, char **argv) {
  const char *What = argv[1];
  if (!strcmp(What, "handled"))
    signal(SIGSEGV, handler);
  struct Node *volatile N = calloc(1, sizeof(*N));
  if (!strcmp(What, "null"))
    return follow(N);
  N->Next = (struct Node *)0x4242424242424242;
  if (!strcmp(What, "wild"))
    return follow(N);
  N->Next = N;
  if (!strcmp(What, "beside"))
    return follow(N + 2);
  free(N);
  if (!strcmp(What, "given"))
    free(N->Next);
  return follow(N);
}
// FREED: ERROR: HeapFence: heap-use-after-free on address [[A:0x[0-9a-f]+]] at pc
// FREED-NEXT: {{^}}READ at [[A]] thread T0, told by this crash over what was read
// FREED: {{^}}[[A]] is located 8 bytes inside of 16-byte region [{{.*}}, light,
// FREED-NEXT: {{^}}freed by thread T0 here:
// FREED-NEXT: in main
// FREED-NOT: ERROR

// GIVEN: ERROR: HeapFence: heap-use-after-free on address [[A:0x[0-9a-f]+]] at pc
// GIVEN: {{^}}[[A]] is located 8 bytes inside of 16-byte region
// GIVEN-NOT: ERROR

// BESIDE: ERROR: HeapFence: heap-buffer-overflow on address [[A:0x[0-9a-f]+]] at pc
// BESIDE-NEXT: {{^}}READ at [[A]] thread T0, told by this crash over what was read
// BESIDE: {{^}}[[A]] is located 24 bytes after 16-byte region
// BESIDE-NOT: ERROR

// NULL-NOT: HeapFence

// ALL: {{^}}status 139

// HANDLED-NOT: HeapFence
// HANDLED: {{^}}handled
// HANDLED: {{^}}status 11
