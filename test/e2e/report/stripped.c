// If this fails, a stripped program without debug information does not tell
// file and line of the allocation and the free.
// RUN: %clang -O0 -s %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -ffunction-sections -fdata-sections -Wl,--gc-sections %s -o %t
// RUN: strip --strip-all %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void *obtain(void) { return malloc(7); }
__attribute__((noinline)) static void release(void *P) { free(P); }
void *unused(void) { return malloc(8); }

int main(int argc, char **argv) {
  char *volatile P = obtain();
  release(P);
  if (argc == 1)
    P[6] = 1;
  puts("done");
}
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} in release {{.*}}stripped.c:[[#@LINE-11]]:58 ({{.*}}stripped.c.tmp+0x
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 0x{{[0-9a-f]+}} in obtain {{.*}}stripped.c:[[#@LINE-14]]:62 ({{.*}}stripped.c.tmp+0x
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
