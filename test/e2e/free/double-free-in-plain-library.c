// If this fails, a double free by code without instrumentation goes unseen, or
// its stack does not lead to that code.
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
  free(P);
  if (argc == 1)
    release(P);
  puts("done");
}
// CHECK:      ERROR: HeapFence: double-free
// CHECK-NEXT: {{^}}double free of [[P:0x[0-9a-f]+]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} ({{.*}}library.c.tmp.so+0x
// CHECK-NEXT: {{^}}    #1 0x{{[0-9a-f]+}} ({{.*}}library.c.tmp+0x
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}library.c:[[#@LINE-10]]:3 (
// CHECK:      {{^}}SUMMARY: HeapFence: double-free ({{.*}}library.c.tmp.so+0x
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
