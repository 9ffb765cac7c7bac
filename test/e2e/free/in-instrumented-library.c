// If this fails, a shared library built by the wrapper cannot free what the
// program allocated, or its call site is not named.
// RUN: %clang -O2 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %clang -O0 %t.so %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %t.so %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

void release(void *P);
void *obtain(size_t Size);

int main(int argc, char **argv) {
  char *volatile P = malloc(24), *volatile Q = obtain(40);
  release(P);
  free(Q);
  if (argc == 1)
    P[2] = Q[3];
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 3 bytes inside of 40-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}library.c:[[#@LINE-8]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in obtain {{.*}}Inputs/release.c:12:36 ({{.*}}library.c.tmp.so+0x
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 2 bytes inside of 24-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in release {{.*}}Inputs/release.c:6:3 ({{.*}}library.c.tmp.so+0x
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
