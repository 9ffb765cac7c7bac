// If this fails, heapfence_is_guarded does not tell guarded pointers from
// others, or a program that asks does not link without the runtime.
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t | %check %s --check-prefix=WITH
// RUN: %plain -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t | %check %s --check-prefix=WITHOUT
// RUN: %plainxx -O2 -x c++ -std=c++11 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t | %check %s --check-prefix=WITHOUT
#include <heapfence/heapfence.h>
#include <stdio.h>
#include <stdlib.h>

static int ask(const void *P) {
  return heapfence_is_guarded ? heapfence_is_guarded(P) : -1;
}

int main(void) {
  static char Own;
  char *P = (char *)malloc(10);
  printf("%d %d %d %d ", ask(P), ask(P + 10), ask(NULL), ask(&Own));
  free(P);
#ifdef __HEAPFENCE__
  printf("%d\n", ask(P));
#endif
}
// WITH: {{^}}1 1 0 0 1
// WITHOUT: {{^}}-1 -1 -1 -1
