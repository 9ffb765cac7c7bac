// If this fails, a program whose operators do not use the heap at all is
// broken.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <cstdio>
#include <map>
#include <new>

alignas(16) static char Arena[1 << 16];
static std::size_t Used;
static int Foreign;

static void *take(std::size_t Size) {
  std::size_t At = Used;
  Used += (Size + 15) & ~std::size_t(15);
  return Arena + At;
}

static void give(void *P) {
  Foreign += P && (P < Arena || P >= Arena + sizeof(Arena));
}

void *operator new(std::size_t Size) { return take(Size); }
void *operator new[](std::size_t Size) { return take(Size); }
void operator delete(void *P) noexcept { give(P); }
void operator delete[](void *P) noexcept { give(P); }
void operator delete(void *P, std::size_t) noexcept { give(P); }
void operator delete[](void *P, std::size_t) noexcept { give(P); }

int main() {
  std::map<int, int> Squares;
  for (int I = 0; I != 100; ++I)
    Squares[I] = I * I;
  Squares.clear();
  int *volatile P = new int[10];
  delete[] P;
  std::printf("used %d foreign %d\n", Used > 4000, Foreign);
}
// CHECK-NOT: ERROR
// CHECK:     {{^}}used 1 foreign 0
