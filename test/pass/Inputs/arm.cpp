// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A stand-in for the runtime that tells when a context arms and disarms, samples
// everything, and leaves every allocation to the heap.

#include <cstdio>

extern "C" {
__attribute__((weak)) __thread int __heapfence_countdown;
bool __heapfence_arm(const void *) {
  __heapfence_countdown = 0;
  std::puts("arm");
  return true;
}
void __heapfence_disarm() { std::puts("disarm"); }
void *__heapfence_malloc(unsigned long, const void *) {
  __heapfence_countdown = 0;
  return nullptr;
}
void __heapfence_register_v1(const void *) {}
void __heapfence_unregister_v1(const void *) {}
}
