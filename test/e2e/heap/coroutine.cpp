// If this fails, the frames of coroutines are not guarded, or broken.
// RUN: %clangxx -O0 -std=c++20 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 -std=c++20 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <coroutine>
#include <cstdio>
#include <exception>

struct Numbers {
  struct promise_type {
    int Value = 0;
    Numbers get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int I) {
      Value = I;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> Handle;
};

__attribute__((noinline)) Numbers upTo(int End) {
  for (int I = 0; I != End; ++I)
    co_yield I;
}

int main(int argc, char **argv) {
  Numbers N = upTo(10);
  int Sum = 0;
  for (N.Handle(); !N.Handle.done(); N.Handle())
    Sum += N.Handle.promise().Value;
  N.Handle.destroy();
  if (argc == 1)
    Sum += *const_cast<volatile int *>(&N.Handle.promise().Value) & 0;
  std::printf("sum %d\n", Sum);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}READ at
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in {{.*}}upTo{{.*}} {{.*}}coroutine.cpp:
// CHECK:      {{^}}sum 45

// FIXED-NOT: HeapFence
// FIXED: {{^}}sum 45
