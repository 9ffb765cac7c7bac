// If this fails, a program with an allocator of its own is broken, or not told
// that it is not guarded.
// RUN: %clang -O0 -fno-builtin %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -fno-builtin %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(16) char Arena[1 << 20];
static size_t Used;
static int Foreign;

void *malloc(size_t Size) {
  size_t *P = (size_t *)(Arena + Used);
  Used += (Size + 31) & ~(size_t)15;
  *P = Size;
  return Used > sizeof(Arena) ? NULL : P + 2;
}
void free(void *P) {
  Foreign += P && ((char *)P < Arena || (char *)P >= Arena + Used);
}
void *calloc(size_t Count, size_t Size) { return malloc(Count * Size); }
void *realloc(void *P, size_t Size) {
  void *New = malloc(Size);
  return P ? memcpy(New, P, ((size_t *)P)[-2]) : New;
}

int main(void) {
  char *volatile P = malloc(10), *volatile Q = strdup("text");
  P = realloc(P, 100);
  free(P);
  printf("%s, %d\n", Q, Foreign);
  free(Q);
}
// CHECK:      {{^}}==[[#]]==HeapFence: off: the program defines its own free or realloc{{$}}
// CHECK-NEXT: {{^}}text, 0
