// If this fails, a thread that is left alone cannot reallocate or free the guarded
// objects that it has, or is guarded all the same.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *P = malloc(100), *Q = malloc(100), *volatile R = malloc(100);
  memset(P, 'p', 100);
  int Before = heapfence_is_guarded(P) + heapfence_is_guarded(Q);
  heapfence_thread_enable(0);
  P = realloc(P, 200);
  R = realloc(R, 0);
  printf("before %d, after %d, kept %d, ", Before, heapfence_is_guarded(P),
         P[0] == 'p' && P[99] == 'p');
  printf("usable %zu, freed %d\n", malloc_usable_size(Q), R == NULL);
  fflush(stdout);
  free(P);
  free(Q);
  // Errors of guarded objects are reported still.
  *(volatile char *)Q = 1;
}
// CHECK-NOT:  HeapFence
// CHECK:      {{^}}before 2, after 0, kept 1, usable 100, freed 1
// CHECK-NEXT: ERROR: HeapFence: heap-use-after-free
// CHECK:      SUMMARY: HeapFence: heap-use-after-free
// CHECK-NOT:  HeapFence
