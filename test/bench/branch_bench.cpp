// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What it takes to open or close a static branch (or 64 on 16 pages): alone,
// and with a thread that runs through it all the time. Medians, in
// microseconds.

#include "branch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/mman.h>
#include <thread>
#include <vector>

using namespace heapfence;

namespace {

constexpr size_t Count = 64, Stride = 1024;

uint8_t *Code;
BranchRecord *Records;

/// Functions that return 0 or 1, as their branch is.
void makeCode() {
  Code = static_cast<uint8_t *>(mmap(nullptr, 2 * Count * Stride,
                                     PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  Records = reinterpret_cast<BranchRecord *>(Code + Count * Stride);
  for (size_t I = 0; I != Count; ++I) {
    const uint8_t Fast[] = {0x0f, 0x1f, 0x44, 0, 0, 0xb8, 0, 0, 0, 0, 0xc3},
                  Slow[] = {0xb8, 1, 0, 0, 0, 0xc3};
    uint8_t *At = Code + I * Stride;
    memcpy(At, Fast, sizeof(Fast));
    memcpy(At + 32, Slow, sizeof(Slow));
    BranchRecord &R = Records[I];
    R.Address.Offset = int32_t(At - reinterpret_cast<uint8_t *>(&R.Address));
    R.Slow.Offset = int32_t(At + 32 - reinterpret_cast<uint8_t *>(&R.Slow));
  }
  mprotect(Code, Count * Stride, PROT_READ | PROT_EXEC);
}

int call(size_t I) { return reinterpret_cast<int (*)()>(Code + I * Stride)(); }

/// Of `Rounds` changes of the first `Branches` branches. -1: one went wrong.
double medianUs(size_t Branches, unsigned Rounds) {
  auto Begin = reinterpret_cast<uintptr_t>(Code);
  LoadedSegment Text = {Begin, Begin + Count * Stride, PROT_READ | PROT_EXEC};
  auto Writer = std::make_unique<BranchWriter>();
  std::vector<double> Us;
  bool IsRight = true;
  for (unsigned Round = 0; Round != Rounds; ++Round) {
    bool IsOpen = Round % 2 == 0;
    auto Start = std::chrono::steady_clock::now();
    for (size_t I = 0; I != Branches; ++I)
      Writer->add(Records[I], Text, IsOpen);
    Writer->flush();
    std::chrono::duration<double, std::micro> Took =
        std::chrono::steady_clock::now() - Start;
    Us.push_back(Took.count());
    for (size_t I = 0; I != Branches; ++I)
      IsRight &= call(I) == IsOpen;
  }
  std::sort(Us.begin(), Us.end());
  return IsRight && !Writer->refusal() ? Us[Us.size() / 2] : -1;
}

} // namespace

int main() {
  if (const char *Refused = BranchWriter::probe()) {
    std::printf("static branches are refused here: %s\n", Refused);
    return 1;
  }
  makeCode();
  constexpr unsigned Rounds = 20000;
  std::printf("alone            one %6.1f us\n", medianUs(1, Rounds));
  std::printf("alone            all %6.1f us\n", medianUs(Count, Rounds / 10));
  std::atomic<bool> IsDone = false;
  std::thread Other([&] {
    while (!IsDone)
      for (size_t I = 0; I != Count; ++I)
        call(I);
  });
  std::printf("thread runs it   one %6.1f us\n", medianUs(1, Rounds));
  std::printf("thread runs it   all %6.1f us\n", medianUs(Count, Rounds / 10));
  IsDone = true;
  Other.join();
}
