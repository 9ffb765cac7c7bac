// If this fails, a guarded allocation or free changes errno behind the
// program's back.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  int Changed = 0;
  for (int I = 0; I != 20; ++I) {
    errno = 77;
    char *volatile P = malloc(100 << I % 10);
    char *volatile Q = calloc(1, 3);
    char *volatile R = strdup("text");
    void *S;
    posix_memalign(&S, 64, 10);
    P = realloc(P, 50);
    Changed += errno != 77;
    free(P), free(Q), free(R), free(S);
    Changed += errno != 77;
    free(realloc(NULL, 0));
    Changed += errno != 77;
  }
  printf("changed %d\n", Changed);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}changed 0{{$}}
