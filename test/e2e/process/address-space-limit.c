// If this fails, a program under a tight limit of address space does not run:
// the pool must give way and say so.
// RUN: %clang -O1 %s -o %t
// RUN: sh -c 'ulimit -v 200000; exec "$0" "$1" 2>&1' %run %t | %check %s
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile P = malloc(50 << 20);
  printf("%d\n", P != NULL);
  free(P);
}
// CHECK:     {{^}}==[[#]]==HeapFence: off: no address space for the pool{{$}}
// CHECK-NOT: HeapFence
// CHECK:     {{^}}1
