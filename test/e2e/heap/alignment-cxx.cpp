// If this fails, a guarded object of new is not aligned as its type asks for.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -mavx2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <new>

static int Odd;

template <size_t Alignment> struct alignas(Alignment) Thing {
  char Bytes[Alignment + 1] = {};
};

template <size_t Alignment> static void check() {
  auto IsOdd = [](volatile void *P) { return uintptr_t(P) % Alignment != 0; };
  auto *volatile One = new Thing<Alignment>;
  auto *volatile Many = new Thing<Alignment>[3];
  auto *volatile Maybe = new (std::nothrow) Thing<Alignment>;
  Odd += IsOdd(One) + IsOdd(Many) + IsOdd(Maybe);
  delete One;
  delete[] Many;
  delete Maybe;
}

int main() {
  check<1>(), check<2>(), check<4>(), check<8>(), check<16>(), check<32>();
  check<64>(), check<512>(), check<4096>();
  for (size_t Size = 1; Size != 300; ++Size) {
    auto *volatile P = static_cast<char *>(::operator new(Size));
    size_t Natural = 16;
    while (Natural > Size)
      Natural /= 2;
    Odd += uintptr_t(P) % Natural != 0;
    P[Size - 1] = 1;
    ::operator delete(P);
  }
  std::printf("odd %d\n", Odd);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}odd 0{{$}}
