// If this fails, malloc_usable_size says of a guarded object another size than
// was asked for: a program that uses it all would be caught for nothing.
// RUN: %plain -O2 -shared -fPIC %s -DLIBRARY -o %t.so
// RUN: %clang -O0 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s %t.so -o %t
// RUN: %run %t 2>&1 | %check %s
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef LIBRARY
size_t askFromOutside(void *P) { return malloc_usable_size(P) + 0; }
#else
size_t askFromOutside(void *P);

int main(void) {
  size_t Wrong = 0;
  for (size_t Size = 0; Size < 9000; Size += 1 + Size / 3) {
    void *volatile P = malloc(Size);
    Wrong += malloc_usable_size(P) != Size || askFromOutside(P) != Size;
    memset(P, 1, malloc_usable_size(P));
    free(P);
  }
  printf("wrong %zu, null %zu\n", Wrong, malloc_usable_size(NULL));
}
#endif
// CHECK-NOT: HeapFence
// CHECK: {{^}}wrong 0, null 0{{$}}
