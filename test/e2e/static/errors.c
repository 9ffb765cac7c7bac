// If this fails, errors go unseen where sites are guarded by static branches, or a
// correct program is reported: with every allocation guarded, and by default.
// RUN: %clang %static -O0 %s -o %t
// RUN: %run %t 1 2>&1 | %check %s --check-prefixes=CHECK,FREED
// RUN: %run %t 2 2>&1 | %check %s --check-prefixes=CHECK,PAST
// RUN: %run %t 0 2>&1 | %check %s --check-prefix=NONE
// RUN: %clang %static -O2 %s -o %t
// RUN: %run %t 1 2>&1 | %check %s --check-prefixes=CHECK,FREED
// RUN: %run %t 2 2>&1 | %check %s --check-prefixes=CHECK,PAST
// RUN: %run %t 0 2>&1 | %check %s --check-prefix=NONE
// RUN: env HF=sample_every=0 %run %t 1 2>&1 | %check %s --check-prefixes=CHECK,FREED
// RUN: env HF=sample_every=0 %run %t 2 2>&1 | %check %s --check-prefixes=CHECK,PAST
// RUN: env HF=sample_every=0 %run %t 0 2>&1 | %check %s --check-prefix=NONE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static char *make(size_t n) {
  return malloc(n);
}
__attribute__((noinline)) static void look(int kind) {
  char *volatile p = make(48);
  p[0] = 1;
  if (kind == 2)
    p[48] = 1;
  free(p);
  if (kind == 1)
    p[1] = 2;
}

int main(int argc, char **argv) {
  look(atoi(argv[1]));
  for (int i = 0; i != 1000; ++i)
    look(0);
  puts("done");
}
// FREED: ERROR: HeapFence: heap-use-after-free
// FREED: WRITE
// PAST:  ERROR: HeapFence: heap-buffer-overflow
// PAST:  WRITE
// CHECK: allocated by thread T0 here:
// CHECK: in make {{.*}}errors.c:19
// CHECK-NOT: ERROR
// CHECK: {{^}}done
// NONE-NOT: HeapFence
// NONE: {{^}}done
