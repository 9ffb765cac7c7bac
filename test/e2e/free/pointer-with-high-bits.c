// If this fails, on x86-64 the free or realloc of a garbage pointer whose low bits are
// those of a guarded object is taken for that object's; on arm64, where the top byte of
// a pointer is a tag that the CPU ignores, it is not taken for it.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c '"$0" "$1" free 2>&1; echo status $?' %run %t | %check %s %if cpu-aarch64 %{ --check-prefix=FREED %}
// RUN: sh -c '"$0" "$1" realloc 2>&1; echo status $?' %run %t | %check %s %if cpu-aarch64 %{ --check-prefix=MOVED %}
// RUN: sh -c '"$0" "$1" size 2>&1; echo status $?' %run %t | %check %s %if cpu-aarch64 %{ --check-prefix=SIZE %}
// RUN: sh -c '"$0" "$1" inside 2>&1; echo status $?' %run %t | %check %s %if cpu-aarch64 %{ --check-prefix=INSIDE %}
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c '"$0" "$1" free 2>&1; echo status $?' %run %t | %check %s %if cpu-aarch64 %{ --check-prefix=FREED %}
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *withHighBits(char *P) {
  return (char *)((uintptr_t)P | (uintptr_t)0x2a << 57);
}

int main(int argc, char **argv) {
  char *volatile P = malloc(16);
  P[0] = 1;
  char *Garbage = withHighBits(P);
  puts("before"), fflush(stdout);
  if (!strcmp(argv[1], "free"))
    free(Garbage), free(Garbage);
  if (!strcmp(argv[1], "realloc"))
    P = realloc(Garbage, 32);
  if (!strcmp(argv[1], "size"))
    printf("size %zu\n", malloc_usable_size(Garbage));
  if (!strcmp(argv[1], "inside"))
    free(Garbage + 1);
  printf("object %d\n", P[0]);
  if (strcmp(argv[1], "free"))
    free(P);
}
// As without us: the allocator reads what is in front of it, and dies.
// CHECK:     before
// CHECK-NOT: {{on address|is located|object 1}}
// CHECK:     status {{13[49]}}
// FREED:      before
// FREED-NEXT: =={{[0-9]+}}==ERROR: HeapFence: double-free on address 0x[[A:[0-9a-f]{1,14}]] at pc
// FREED-NEXT: double free of 0x[[A]] (with a tag: 0x54{{0*}}[[A]]) by thread T0 here:
// FREED:      0x[[A]] is located 0 bytes inside of 16-byte region [0x[[A]],
// FREED:      status 0
// MOVED-NOT:  HeapFence
// MOVED:      object 1
// MOVED-NEXT: status 0
// SIZE-NOT:   HeapFence
// SIZE:       size 16
// SIZE-NEXT:  object 1
// SIZE-NEXT:  status 0
// INSIDE:     HeapFence: invalid-free on address 0x[[A:[0-9a-f]{1,14}]] at pc
// INSIDE-NEXT: free of 0x[[A]] (with a tag: 0x54{{0*}}[[A]]) by thread T0 here:
// INSIDE:     0x[[A]] is located 1 byte inside of 16-byte region
// INSIDE:     object 1
// INSIDE-NEXT: status 0
// FIXED-NOT: HeapFence
// FIXED: object 1
