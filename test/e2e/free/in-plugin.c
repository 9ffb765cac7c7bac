// If this fails, an instrumented plugin loaded at run time is not guarded, or
// its objects outlive it badly: its sites are gone after dlclose.
// RUN: %clang -O2 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %clang -O0 %s -o %t
// RUN: %run %t %t.so bug 2>&1 | %check %s
// RUN: %run %t %t.so bug close 2>&1 | %check %s --check-prefix=CLOSED
// RUN: %run %t %t.so 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t %t.so bug 2>&1 | %check %s
// RUN: %run %t %t.so bug close 2>&1 | %check %s --check-prefix=CLOSED
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  void *Plugin = dlopen(argv[1], RTLD_NOW);
  void *(*Obtain)(size_t) = (void *(*)(size_t))dlsym(Plugin, "obtain");
  char *volatile P = Obtain(40);
  free(P);
  if (argc > 3)
    dlclose(Plugin);
  if (argc > 2)
    P[0] = 1;
  puts("done");
}
// CHECK:      heap-use-after-free
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in obtain {{.*}}Inputs/release.c:12:36 ({{.*}}plugin.c.tmp.so+0x
// CHECK:      {{^}}done

// CLOSED:      heap-use-after-free
// CLOSED:      is located 0 bytes inside of 40-byte region [
// CLOSED:      {{^}}previously allocated by thread T0 here:
// CLOSED-NEXT: {{^}}    #0 0x
// CLOSED:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
