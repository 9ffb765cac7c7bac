// If this fails, a number of elements times their size that wraps around to
// something small gives the program an object much too small.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %plain -O2 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O2 -DUSES_LIBRARY %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void *grow(void *P, size_t Count, size_t Size);
#ifndef USES_LIBRARY
void *grow(void *P, size_t Count, size_t Size) {
  return reallocarray(P, Count, Size);
}
#endif

#ifndef LIBRARY
static void report(const char *What, void *P) {
  void *volatile Result = P;
  printf("%s %s\n", What, Result ? "object" : errno == ENOMEM ? "none" : "?");
  errno = 0;
}

int main(int argc, char **argv) {
  volatile size_t Half = argc == 1 ? SIZE_MAX / 2 + 1 : 0;
  char *volatile P = malloc(10);
  P[9] = 'x';
  report("calloc", calloc(Half + 2, 2));
  report("new", grow(NULL, Half + 2, 2));
  char *Q = grow(P, Half + 5, 2);
  report("grow", Q);
  putchar((Q ? Q : P)[9]);
  free(Q ? Q : P);
}
#endif
// CHECK-NOT: HeapFence
// CHECK:      {{^}}calloc none
// CHECK-NEXT: {{^}}new none
// CHECK-NEXT: {{^}}grow none
// CHECK-NEXT: {{^}}x

// FIXED-NOT: HeapFence
// FIXED:      {{^}}calloc object
// FIXED-NEXT: {{^}}new object
// FIXED-NEXT: {{^}}grow object
// FIXED-NEXT: {{^}}x
