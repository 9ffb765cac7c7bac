// If this fails, coroutine frames are not guarded, or coroutines do not compile.
// RUN: %clangxx -std=c++20 -O0 -S -emit-llvm %s -o - | %opt -passes=verify -S | %check %s
// RUN: %clangxx -std=c++20 -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s --check-prefix=OUT
// RUN: %clangxx -std=c++20 -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %check %s --check-prefix=OUT
#include <coroutine>
#include <cstdio>
#include <exception>
#include <string>

struct Words {
  struct promise_type {
    std::string Word;
    Words get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(std::string W) {
      Word = std::move(W);
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> Handle;
  ~Words() { Handle.destroy(); }
};

// CHECK-LABEL: define {{.*}}@_Z5wordsi(
// CHECK: @__heapfence_{{slow|cold}}._Znwm(ptr nest
// CHECK: call void @_ZdlPv{{m?}}(
// CHECK-NEXT: call void asm sideeffect ".Lheapfence_return
Words words(int N) {
  for (int I = 1; I <= N; ++I)
    co_yield std::string(20 * I, 'x');
}

int main() {
  Words W = words(3);
  for (W.Handle.resume(); !W.Handle.done(); W.Handle.resume())
    std::printf("%zu\n", W.Handle.promise().Word.size());
}
// OUT-NOT:  HeapFence
// OUT:      {{^}}20
// OUT-NEXT: {{^}}40
// OUT-NEXT: {{^}}60
