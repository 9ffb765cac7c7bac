// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Answers the runtime's questions about a process for another one.

#include "target_environment.h"
#include "stack_bounds.h"

#include <algorithm>
#include <cstring>
#include <list>

namespace heapfence {

namespace {

/// A copy of the upper part of a mapping, for as long as the tool runs.
struct StackCopy {
  AddressRange At;
  std::vector<uint64_t> Words;
};

struct Target {
  const TargetMemory *Memory = nullptr;
  TargetModules *Modules = nullptr;
  std::list<StackCopy> Stacks;
};

Target &target() {
  static Target T;
  return T;
}

/// Reads from `Begin`, a multiple of 8, up to `End` or what cannot be read.
StackCopy copyStack(uint64_t Begin, uint64_t End) {
  constexpr uint64_t Step = 4096, MostBytes = uint64_t(64) << 20;
  StackCopy Copy = {{Begin, Begin}, {}};
  End = Begin + std::min(End - Begin, MostBytes);
  while (Copy.At.End != End) {
    uint64_t Size = std::min(Step - Copy.At.End % Step, End - Copy.At.End);
    std::vector<uint64_t> Part(Size / sizeof(uint64_t));
    if (Part.empty() ||
        !target().Memory->read(Copy.At.End, Part.data(), Part.size() * 8))
      break;
    Copy.Words.insert(Copy.Words.end(), Part.begin(), Part.end());
    Copy.At.End += Part.size() * 8;
  }
  return Copy;
}

} // namespace

void setTarget(const TargetMemory &M, TargetModules &Modules) {
  target().Memory = &M;
  target().Modules = &Modules;
}

bool findObject(uintptr_t Address, LoadedObject &Result) {
  Result = {"", 0, {}, 0};
  TargetModule *T = target().Modules->find(Address);
  if (!T)
    return false;
  Result.Path = T->Path.c_str();
  Result.Bias = T->Bias;
  Result.BuildIdSize = T->Elf.BuildId.size();
  memcpy(Result.BuildId, T->Elf.BuildId.data(), Result.BuildIdSize);
  return true;
}

bool ehFrameTablesFor(uintptr_t Pc, EhFrameTables &Tables) noexcept {
  return target().Modules->tablesFor(Pc, Tables);
}

bool isStackReadable(uintptr_t) noexcept { return false; }

StackBounds stackBounds(uintptr_t Sp) noexcept {
  uint64_t Low = Sp & ~uint64_t(7);
  auto Holds = [&](const StackCopy &C) { return C.At.contains(Low); };
  std::list<StackCopy> &Stacks = target().Stacks;
  auto Found = std::find_if(Stacks.begin(), Stacks.end(), Holds);
  for (const AddressRange &R : target().Memory->ranges()) {
    if (Found != Stacks.end() || !R.contains(Low))
      continue;
    Stacks.push_front(copyStack(Low, R.End & ~uint64_t(7)));
    Found = Stacks.begin();
  }
  if (Found == Stacks.end())
    return {Low, Low, /*NeedsProbe=*/false};
  auto Copy = reinterpret_cast<uintptr_t>(Found->Words.data());
  return {Low, Found->At.End, /*NeedsProbe=*/false, Copy - Found->At.Begin};
}

} // namespace heapfence
