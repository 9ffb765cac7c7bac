// If this fails, threads that come and go lose objects, or memory of their own.
// RUN: %clangxx -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=sample_every=0 %run %t 2>&1 | %check %s
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

static thread_local std::unique_ptr<int> Local;

int main() {
  int Sum = 0;
  std::vector<int> Results(8);
  for (int Round = 0; Round != 40; ++Round) {
    std::vector<std::thread> Threads;
    for (int I = 0; I != 8; ++I)
      Threads.emplace_back([I, &Results] {
        Local = std::make_unique<int>(I);
        Results[I] = *Local; // Freed by the thread's own exit.
      });
    for (auto &T : Threads)
      T.join();
    for (int Result : Results)
      Sum += Result;
  }
  std::printf("sum %d\n", Sum);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}sum 1120
