// If this fails, a report does not tell which execution of a site it is about.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 3 2>&1 | %check %s
// RUN: %clang -O2 -fno-unroll-loops %s -o %t
// RUN: %run %t 3 2>&1 | %check %s
// RUN: %run %t 9 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  for (int I = 1; I != 6; ++I) {
    char *volatile P = malloc(10);
    free(P);
    if (I == atoi(argv[1]))
      *P = 1;
  }
  puts("done");
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: is located 0 bytes inside of 10-byte region [{{.*}}) (heapfence-#3, {{(char, )?}}site [[#]], 3rd guarded here)
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
