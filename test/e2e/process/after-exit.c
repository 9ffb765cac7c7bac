// If this fails, a library that frees or uses the program's objects once the
// program's own destructors have run crashes, or its errors are told without
// the program's sites.
// RUN: %plain -O1 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O0 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

#ifdef LIBRARY
char *volatile Kept;
int HasBug;
__attribute__((destructor)) static void last(void) {
  free(Kept);
  if (HasBug)
    Kept[3] = 1;
  puts("last");
}
#else
extern char *volatile Kept;
extern int HasBug;

int main(int argc, char **argv) {
  HasBug = argc == 1;
  Kept = malloc(10);
}
#endif
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} ({{.*}}exit.c.tmp.so+0x
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}exit.c:[[#@LINE-7]]:10 (
// CHECK:      {{^}}last

// FIXED-NOT: HeapFence
// FIXED: {{^}}last
