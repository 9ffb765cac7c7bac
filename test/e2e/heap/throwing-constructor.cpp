// If this fails, memory of an object whose constructor throws is not given
// back, or a guarded new breaks the unwinding of exceptions.
// RUN: %clangxx -O0 %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
#include <cstdio>
#include <stdexcept>

struct Picky {
  int *Part = new int(1);
  explicit Picky(int I) {
    if (I % 2) {
      delete Part;
      throw std::runtime_error("odd");
    }
  }
  ~Picky() { delete Part; }
};

int main() {
  int Caught = 0;
  for (volatile int I = 0; I != 10; ++I)
    try {
      delete new Picky(I);
      delete[] new Picky[2]{Picky(0), Picky(I)};
    } catch (const std::runtime_error &E) {
      Caught += E.what()[0] == 'o';
    }
  std::printf("caught %d\n", Caught);
}
// CHECK-NOT:  ERROR
// CHECK:      {{^}}==[[#]]==HeapFence: [[N:[0-9]+]] guarded, [[N]] freed, 0 reports
// CHECK-NEXT: {{^}}caught 5
