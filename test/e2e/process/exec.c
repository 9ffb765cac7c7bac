// If this fails, a program that replaces itself is not guarded afterwards.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char *volatile P = strdup("again");
  if (argc == 1)
    return execl(argv[0], argv[0], P, NULL);
  free(P);
  P[2] = 1;
  puts(argv[1]);
}
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK-NOT: ERROR
// CHECK:     {{^}}again
