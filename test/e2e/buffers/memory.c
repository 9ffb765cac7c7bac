// If this fails, a copy, fill or string function that leaves its object, or uses a
// freed one, goes unseen where no page is closed.
// RUN: %clang -O0 -Xclang -mllvm -Xclang -heapfence-memory-buffers %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=only_light=1 %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=only_light=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-memory-buffers %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-memory-buffers -D_FORTIFY_SOURCE=2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *hide(void *p) {
  char *volatile hidden = p;
  return hidden;
}
static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

static char elsewhere[4096] = "twelve bytes";

int main(int argc, char **argv) {
  volatile size_t bug = argc == 1;
  char *p = hide(malloc(20)), *q;
  // CHECK: heap-buffer-overflow
  // CHECK-NEXT: WRITE at {{.*}} in argument 1 of memcpy()
  // CHECK: is located 0 bytes after 20-byte region
  memcpy(p, elsewhere, 20 + bug);
  p = hide(malloc(20));
  // CHECK: READ at {{.*}} in argument 2 of memcpy()
  memcpy(elsewhere, p, 20 + bug);
  p = hide(malloc(20));
  // CHECK: READ at {{.*}} in argument 2 of memmove()
  memmove(p, p + 1, 19 + bug);
  p = hide(malloc(21));
  // CHECK: WRITE at {{.*}} in argument 1 of memset()
  // CHECK: is located 0 bytes after 21-byte region
  memset(p, 0, 21 + bug);
  p = hide(calloc(1, 21));
  // CHECK: READ at {{.*}} in argument 1 of {{memcmp|bcmp}}()
  int differs = memcmp(p, elsewhere, 21 + bug);
  // The terminator has no room.
  p = hide(malloc(20)), q = hide(malloc(20));
  memcpy(q, "twelve bytes", 13);
  strcpy(p, q);
  // CHECK: WRITE at {{.*}} in argument 1 of strcpy()
  // CHECK: is located 0 bytes after 12-byte region
  strcpy(hide(malloc(13 - bug)), q);
  // CHECK: WRITE at {{.*}} in argument 1 of strcat()
  // CHECK: is located 0 bytes after 24-byte region
  p = hide(malloc(25 - bug));
  strcpy(p, q);
  strcat(p, q);
  // CHECK: READ at {{.*}} in argument 2 of strcpy()
  // CHECK: is located 0 bytes after 30-byte region
  q = hide(malloc(30));
  memset(q, 'x', 30);
  q[29] = bug ? 'x' : 0;
  strcpy(elsewhere, q);
  // CHECK: WRITE at {{.*}} in argument 1 of strncpy()
  // CHECK: is located 0 bytes after 10-byte region
  strncpy(hide(malloc(10)), elsewhere, 10 + bug);
  // CHECK: WRITE at {{.*}} in argument 1 of snprintf()
  snprintf(hide(malloc(10)), 10 + bug, "%d%s%f", 1, "two", 3.0);
  // CHECK: WRITE at {{.*}} in argument 1 of qsort()
  // CHECK: is located 0 bytes after 12-byte region
  int *numbers = (int *)hide(calloc(3, 4));
  qsort(numbers, 3 + bug, 4, compare);
  // CHECK: WRITE at {{.*}} in argument 1 of getcwd()
  if (!getcwd(hide(malloc(400)), 400 + bug))
    return 1;
  // CHECK: heap-use-after-free
  // CHECK-NEXT: READ at {{.*}} in argument 2 of memcpy()
  p = hide(malloc(40)), q = hide(p);
  free(p);
  if (bug)
    memcpy(elsewhere, q, 30 + bug);
  // A length of nothing is fine, wherever it is; and so is a whole object.
  memcpy(elsewhere, q, bug - (argc == 1));
  printf("done %d\n", numbers[0] + !differs);
}
// CHECK-NOT: ERROR
// CHECK: done
// FIXED-NOT: HeapFence
// FIXED: done
