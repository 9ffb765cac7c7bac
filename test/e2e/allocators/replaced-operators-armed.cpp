// If this fails, objects of the program's own operator new are guarded where a
// context or heapfence_guard_next armed the thread, and its operator delete
// gets what it does not know.
// RUN: %clangxx -O0 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0:budget_percent=0 %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
#include <cstdio>
#include <cstdlib>
#include <heapfence/heapfence.h>
#include <new>

// With a header before each object.
void *operator new(std::size_t Size) {
  return static_cast<char *>(std::malloc(Size + 16)) + 16;
}
void operator delete(void *P) noexcept {
  std::free(static_cast<char *>(P) - 16);
}
void operator delete(void *P, std::size_t) noexcept { operator delete(P); }

__attribute__((noinline)) static void *make(std::size_t Size) {
  return ::operator new(Size);
}

int main() {
  for (int I = 0; I != 20; ++I) {
    if (I % 2)
      heapfence_guard_next();
    void *volatile P = make(10), *volatile Q = new int(7);
    // All of the object, header included, may well be guarded.
    if (heapfence_is_guarded(P) != heapfence_is_guarded((char *)P - 16))
      std::puts("without its header");
    ::operator delete(P);
    ::operator delete(Q);
  }
  std::puts("done");
}
// CHECK:      HeapFence: the program has its own operator new or delete
// CHECK-NEXT: {{^}}done
