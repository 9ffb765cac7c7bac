// If this fails, branches of an unloaded library are written, where another one may
// be by now, or those of a loaded one are not opened.
// RUN: %clang %static -O2 -DPLUGIN -fPIC -shared %s -o %t.so
// RUN: %clang %static -O2 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t %t.so 2>&1 | %check %s
// The library alone has branches: the ticker starts with it.
// RUN: %clang -O2 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t %t.so 2>&1 | %check %s
// UNSUPPORTED: guard-static
#include <stdlib.h>
#ifdef PLUGIN
void *plugin_alloc(size_t n) { return malloc(n); }
#else
#include <dlfcn.h>
#include <heapfence/heapfence.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int stop;

static void *work(void *unused) {
  while (!stop) {
    heapfence_guard_next();
    void *volatile p = malloc(10);
    free(p);
  }
  return unused;
}

int main(int argc, char **argv) {
  pthread_t t;
  int first = 0;
  for (int i = 0; i != 300; ++i) {
    void *plugin = dlopen(argv[1], RTLD_NOW);
    void *(*make)(size_t) = (void *(*)(size_t))dlsym(plugin, "plugin_alloc");
    for (int j = 0; j != 3000; ++j) {
      void *volatile p = make(10);
      first += i == 0 && j == 0 && heapfence_is_guarded(p);
      free(p);
    }
    dlclose(plugin);
    if (i == 0)
      pthread_create(&t, NULL, work, NULL);
  }
  stop = 1;
  pthread_join(t, NULL);
  printf("first: %d\n", first);
}
#endif
// CHECK-NOT: HeapFence
// CHECK: first: 1
