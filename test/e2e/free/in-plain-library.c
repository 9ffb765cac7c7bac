// If this fails, an object that code without instrumentation frees is lost to
// the runtime: a crash, or a report without the free's stack.
// RUN: %plain -O2 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %clang -O0 %t.so %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %t.so %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

void release(void *P);

int main(int argc, char **argv) {
  char *volatile P = malloc(24);
  release(P);
  if (argc == 1)
    P[2] = 1;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK:      {{^}}[[P]] is located 2 bytes inside of 24-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} ({{.*}}library.c.tmp.so+0x
// CHECK-NEXT: {{^}}    #1 0x{{[0-9a-f]+}} ({{.*}}library.c.tmp+0x
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}library.c:[[#@LINE-13]]:22 (
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
