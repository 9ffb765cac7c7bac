// If this fails, a program with operators new and delete of its own (here with
// a header before each object) is broken, or not told that they are not
// guarded.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

static long Live, Damaged;

void *operator new(std::size_t Size) {
  auto *Header = static_cast<long *>(std::malloc(Size + 16));
  *Header = 0x600d;
  ++Live;
  return Header + 2;
}

void operator delete(void *P) noexcept {
  if (!P)
    return;
  auto *Header = static_cast<long *>(P) - 2;
  Damaged += *Header != 0x600d;
  --Live;
  std::free(Header);
}

void operator delete(void *P, std::size_t) noexcept { operator delete(P); }

int main(int argc, char **argv) {
  {
    std::vector<std::string> Texts(20, std::string(100, 'x'));
    int *volatile Array = new int[5];
    delete[] Array;
  }
  volatile char *P = static_cast<char *>(std::malloc(20));
  std::free((void *)P);
  if (argc == 1)
    P[1] = 1;
  std::printf("live %ld damaged %ld\n", Live, Damaged);
}
// CHECK:      {{^}}==[[#]]==HeapFence: the program has its own operator new or delete{{$}}
// CHECK-NEXT: ==ERROR: HeapFence: heap-use-after-free
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}operators.cpp:[[#@LINE-9]]:42 (
// CHECK:      {{^}}live 0 damaged 0

// FIXED:      HeapFence: the program has its own operator new or delete
// FIXED-NOT:  HeapFence
// FIXED:      {{^}}live 0 damaged 0
