// If this fails, a program without heap calls of its own cannot load a plugin
// that has some.
// RUN: %clang -O2 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %clang -O0 %s -o %t
// RUN: %run %t %t.so 2>&1 | %check %s
// RUN: env HEAPFENCE_RUNTIME=shared %clang -O0 %s -o %t
// RUN: %run %t %t.so 2>&1 | %check %s
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
  void *Plugin = dlopen(argv[1], RTLD_NOW);
  if (!Plugin)
    return puts(dlerror()), 1;
  char *(*Obtain)(unsigned long);
  void (*Release)(void *);
  *(void **)&Obtain = dlsym(Plugin, "obtain");
  *(void **)&Release = dlsym(Plugin, "release");
  char *volatile P = Obtain(10);
  Release(P);
  P[9] = 1;
  puts("done");
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: is located 9 bytes inside of 10-byte region [
// CHECK: {{^}}done
