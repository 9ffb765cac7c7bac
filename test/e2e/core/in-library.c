// If this fails, frames in a shared library, or its sites, are missing or wrong
// in what a core file tells; or a library that is another now is believed.
// REQUIRES: core-files
// RUN: %clang -O1 -g -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O1 -g %s %t.so -o %t
// RUN: %S/Inputs/same %hf %t freed | %check %s
// RUN: %clang -O1 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %S/Inputs/same %hf %t freed | %check %s --check-prefix=TABLE
// RUN: %S/Inputs/dump %t.core %t freed > %t.out 2>&1
// RUN: %clang -O1 -shared -fPIC -DLIBRARY -DOTHER %s -o %t.so
// RUN: %hf core %t.core %t | %check %s --check-prefix=CHANGED
// RUN: rm %t.core
#include "Inputs/die.h"
#include <stdlib.h>

void *obtain(size_t size);
void release(void *p);
void look(volatile char *p);

#ifdef LIBRARY
__attribute__((noinline)) void *obtain(size_t size) {
  void *volatile p = malloc(size);
  return p;
}
__attribute__((noinline)) void release(void *p) {
#ifdef OTHER // The same code of another line.
#line 500
#endif
  free(p);
  __asm__ volatile("");
}
__attribute__((noinline)) void look(volatile char *p) { p[7] = 1; }
#else
int main(int argc, char **argv) {
  if (argc == 2)
    die_of(SIGSEGV);
  volatile char *p = obtain(40);
  release((void *)p);
  look(p);
  return **argv;
}
#endif
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: WRITE at
// CHECK-NEXT: #0 {{.*}} in look {{.*}}in-library.c:32:{{.*}}.so+0x
// CHECK-NEXT: #1 {{.*}} in main {{.*}}in-library.c:39:
// CHECK:      freed by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in release {{.*}}in-library.c:29:{{.*}}.so+0x
// CHECK-NEXT: #1 {{.*}} in main {{.*}}in-library.c:38:
// CHECK:      previously allocated by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in obtain {{.*}}in-library.c:22:{{.*}}.so+0x
// CHECK-NEXT: #1 {{.*}} in main {{.*}}in-library.c:37:
// CHECK:      SUMMARY: HeapFence: heap-use-after-free {{.*}}in-library.c:32:

// The library's table of sites is in its file only.
// TABLE:      ERROR: HeapFence: heap-use-after-free
// TABLE:      freed by thread T0 here:
// TABLE-NEXT: #0 {{.*}} in release {{.*}}in-library.c:29:{{.*}}.so+0x

// CHANGED:     ERROR: HeapFence: heap-use-after-free
// CHANGED:     7 bytes inside of 40-byte region
// CHANGED:     freed by thread T0 here:
// What the core has of the table is as it was.
// CHANGED-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} {{\(|in release .*:29:}}
// CHANGED-NOT: in-library.c:500
// CHANGED:     SUMMARY:
