// If this fails, loading and unloading a plugin disturbs threads that allocate
// meanwhile: they look at what is being unloaded.
// RUN: %clang -O2 -shared -fPIC %S/../free/Inputs/release.c -o %t.so
// RUN: %clang -O1 -pthread %s -o %t
// RUN: %run %t %t.so 2>&1 | %check %s
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static volatile int IsDone;

static void *work(void *Argument) {
  while (!IsDone) {
    char *volatile P = malloc(100);
    P[99] = 1;
    free(P);
  }
  return Argument;
}

int main(int argc, char **argv) {
  pthread_t Threads[2];
  for (int I = 0; I != 2; ++I)
    pthread_create(&Threads[I], NULL, work, NULL);
  for (int I = 0; I != 1500; ++I) {
    void *Plugin = dlopen(argv[1], RTLD_NOW);
    void *(*Obtain)(size_t) = (void *(*)(size_t))dlsym(Plugin, "obtain");
    free(Obtain(10));
    dlclose(Plugin);
  }
  IsDone = 1;
  for (int I = 0; I != 2; ++I)
    pthread_join(Threads[I], NULL);
  puts("done");
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}done
