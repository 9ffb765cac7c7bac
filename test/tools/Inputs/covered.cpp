// Sites that are executed, and sites that are not.
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline, malloc)) void *executed(int Size) { return std::malloc(Size); }
__attribute__((noinline)) char *neverCalled() { return strdup("x"); }
template <typename T> __attribute__((noinline)) T *make() { return new T(); }

int main(int Argc, char **Argv) {
  void *volatile P = executed(10);
  if (Argc > 2)
    P = neverCalled();
  if (Argc > 1 && !std::strcmp(Argv[1], "fork")) {
    if (fork() == 0) {
      P = make<long>();
      return 0;
    }
    wait(nullptr);
  }
}
