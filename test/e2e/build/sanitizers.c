// If this fails, a sanitizer that owns the heap does not work through the
// wrapper, or finds what we changed.
// REQUIRES: compiler-rt
// UNSUPPORTED: guard-static
// RUN: %clang -O1 -g -fsanitize=address %s -o %t
// RUN: sh -c '"$0" "$1" 2>&1; echo status $?' %run %t | %check %s --check-prefix=ASAN
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O1 -fsanitize=thread %s -o %t
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// Those that leave the heap alone work together with us.
// RUN: %clang -O1 -fsanitize=undefined %s -o %t
// RUN: %run %t 2>&1 | %check %s --check-prefix=UBSAN
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P = malloc(10);
  free((void *)P);
  if (argc == 1)
    P[1] = 1;
  puts("done");
}
// ASAN: ERROR: AddressSanitizer: heap-use-after-free
// ASAN-NOT: HeapFence
// ASAN: {{^}}status 1{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}done

// UBSAN: ERROR: HeapFence: heap-use-after-free
// UBSAN: {{^}}done
