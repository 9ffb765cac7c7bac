// Three heap calls: a wrapper's, the wrapper itself, and a free. The last byte
// of the object is touched, and it ends where its pages end.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) char *page_alloc(size_t Size) { return malloc(Size); }

__attribute__((noinline)) void use(volatile char *P, size_t Size) {
  P[Size - 1] = 1;
}

int main(int Count, char **Arguments) {
  size_t Size = 4097 + (size_t)(Count - 1);
  for (int I = 0; I < 3; ++I) {
    char *P = page_alloc(Size);
    use(P, Size);
    free(P);
  }
  puts("end");
}
