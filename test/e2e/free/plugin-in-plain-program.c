// If this fails, a plugin with the shared runtime breaks the program that loads
// it and whose free the runtime does not own.
// RUN: env HEAPFENCE_RUNTIME=shared %clang -O2 -shared -fPIC %S/Inputs/release.c -o %t.so
// RUN: %plain -O2 %s -o %t
// RUN: %run %t %t.so 2>&1 | %check %s
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  void *Plugin = dlopen(argv[1], RTLD_NOW);
  if (!Plugin)
    return puts(dlerror()), 1;
  void *(*Obtain)(size_t) = (void *(*)(size_t))dlsym(Plugin, "obtain");
  for (int I = 0; I != 3; ++I)
    free(Obtain(40));
  dlclose(Plugin);
  puts("done");
}
// CHECK:     {{^}}==[[#]]==HeapFence: off: another library's free or realloc comes first{{$}}
// CHECK-NOT: HeapFence
// CHECK:     {{^}}done
