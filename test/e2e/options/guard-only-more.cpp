// If this fails, guard_only does not hold in other threads, in a child, for
// operator new, after `heapfence set`, or beside heapfence_guard_next.
// RUN: %clangxx -O1 -pthread -I%S/../../../runtime/include %s -o %t
// RUN: env HF=guard_only=guard-only-more.cpp:32 %run %t | %check %s
// RUN: env HF=guard_only=guard-only-more.cpp:32:sample_every=1000:budget_percent=0 %run %t | %check %s
// RUN: env HF=sample_every=0:guard_only=guard-only-more.cpp:32 %run %t %hf | %check %s
#include <cstdio>
#include <cstdlib>
#include <heapfence/heapfence.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

static bool isGuarded(char *volatile P) {
  bool Is = heapfence_is_guarded(P);
  delete[] P;
  return Is;
}

__attribute__((noinline)) static bool other() {
  return isGuarded(new char[10]);
}

// Twice, and other sites meanwhile.
static void show(const char *Where) {
  char Text[8] = {};
  for (int I = 0; I != 2; ++I) {
    Text[3 * I] = other() ? 'y' : 'n';
    Text[3 * I + 1] =
        // The object:
        isGuarded(new char[11]) ? 'Y' : 'N';
    Text[3 * I + 2] = ' ';
  }
  std::printf("%s: %s\n", Where, Text);
  std::fflush(stdout);
}

int main(int argc, char **argv) {
  show("first");
  std::thread(show, "thread").join();
  if (argc > 1) {
    std::string Tool = argv[1], Pid = std::to_string(getpid());
    for (const char *Set : {" enabled=0", " enabled=1 sample_every=7"})
      if (std::system((Tool + " set " + Pid + Set + " >&2").c_str()))
        std::puts("not set");
  }
  show("again");
  if (!fork()) {
    show("child");
    _exit(0);
  }
  wait(nullptr);
  heapfence_guard_next();
  std::printf("asked for: %d\n", other());
}
// CHECK:      {{^}}first: nY nY
// CHECK-NEXT: {{^}}thread: nY nY
// CHECK-NEXT: {{^}}again: nY nY
// CHECK-NEXT: {{^}}child: nY nY
// CHECK-NEXT: {{^}}asked for: 1
