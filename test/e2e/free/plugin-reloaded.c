// If this fails, a program that loads and unloads plugins again and again runs
// out of something, or no longer names the newest plugin's sites.
// RUN: %clang -O1 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %clang -O1 %s -o %t
// RUN: %run %t %t.so 2>&1 | %check %s
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(1);
  free(P);
  for (int I = 0; I != 2000; ++I) {
    void *Plugin = dlopen(argv[1], RTLD_NOW);
    void *(*Obtain)(size_t) = (void *(*)(size_t))dlsym(Plugin, "obtain");
    void (*Release)(void *) = (void (*)(void *))dlsym(Plugin, "release");
    P = Obtain(10);
    Release(P);
    if (I == 1999)
      P[9] = 1;
    dlclose(Plugin);
  }
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 9 bytes inside of 10-byte region [{{.*}}) (heapfence-#2001, site [[#]], {{[0-9]+}}{{st|nd|rd|th}} guarded here)
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in release {{.*}}Inputs/release.c:
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in obtain {{.*}}Inputs/release.c:
// CHECK:      {{^}}done
