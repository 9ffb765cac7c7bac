// If this fails, new does not throw, does not return null, or does not call the
// new-handler where it must.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <cstdint>
#include <cstdio>
#include <new>

static int Handled;

static void giveUp() {
  if (++Handled == 3)
    std::set_new_handler(nullptr);
}

int main() {
  volatile std::size_t Huge = SIZE_MAX / 4;
  try {
    char *volatile P = new char[Huge];
    delete[] P;
  } catch (const std::bad_alloc &E) {
    std::puts(E.what());
  }
  void *volatile Null = new (std::nothrow) char[Huge];
  std::printf("%d\n", Null == nullptr);
  std::set_new_handler(giveUp);
  try {
    void *volatile P = ::operator new(Huge, std::align_val_t(64));
    ::operator delete(P, std::align_val_t(64));
  } catch (const std::bad_alloc &) {
    std::printf("handled %d\n", Handled);
  }
  try {
    auto *volatile P = new double[SIZE_MAX / 4 + Huge]; // Over SIZE_MAX bytes.
    delete[] P;
  } catch (const std::bad_alloc &E) {
    std::puts(E.what());
  }
}
// CHECK-NOT: HeapFence
// CHECK:      {{^}}std::bad_alloc
// CHECK-NEXT: {{^}}1
// CHECK-NEXT: {{^}}handled 3
// CHECK-NEXT: {{^}}std::bad_alloc
