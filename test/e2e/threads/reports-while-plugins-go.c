// If this fails, a report looks for a call's site in a plugin that another
// thread is unloading, and crashes.
// RUN: %clang -O0 -shared -fPIC -DLIBRARY %s -o %t.so
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t %t.so 2>/dev/null | %check %s
// RUN: %run %t %t.so fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -pthread %s -o %t
// RUN: %run %t %t.so 2>/dev/null | %check %s
// RUN: %run %t %t.so fixed 2>&1 | %check %s --check-prefix=FIXED
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef LIBRARY
// Besides the record of its own call so many empty ones that it takes a while
// to look through them.
void release(void *P) {
  free(P);
  __asm__ volatile(".Lhere:\n"
                   "\t.pushsection heapfence_returns,\"ao\",@progbits,.Lhere\n"
                   "\t.fill 400000, 8, 0\n"
                   "\t.popsection");
}
#else

static volatile int IsDone, IsFixed;
static void (*volatile Free)(void *) = free; // Of a call without a site.

static void *work(void *Argument) {
  while (!IsDone) {
    char *volatile P = malloc(100);
    free(P);
    if (!IsFixed)
      Free(P);
  }
  return Argument;
}

int main(int argc, char **argv) {
  IsFixed = argc > 2;
  pthread_t Thread;
  pthread_create(&Thread, NULL, work, NULL);
  for (int I = 0; I != 30; ++I) {
    void *Plugin = dlopen(argv[1], RTLD_NOW);
    usleep(3000);
    dlclose(Plugin);
    usleep(3000); // Its memory stays empty for a while.
  }
  IsDone = 1;
  pthread_join(Thread, NULL);
  puts("done");
}
#endif
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
