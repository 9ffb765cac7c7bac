// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads and writes the control block of a process.

#include "process.h"
#include "control_block.h"
#include "counters.h"
#include "options.h"
#include "process_memory.h"

#include <cinttypes>
#include <cstdio>

namespace heapfence {

namespace {

int complain(int Pid, const std::string &What) {
  fprintf(stderr, "heapfence: process %d: %s\n", Pid, What.c_str());
  return 1;
}

void printPercent(const char *Name, uint32_t PartsPerMillion) {
  printf("%s %g\n", Name, PartsPerMillion / 10000.);
}

} // namespace

int showProcess(int Pid) {
  std::string Problem;
  std::unique_ptr<ProcessMemory> M = ProcessMemory::open(Pid, Problem);
  std::optional<FoundControlBlock> F;
  if (M)
    F = findControlBlock(*M, Problem);
  if (!F)
    return complain(Pid, Problem);
  const ControlBlock &B = F->Block;
  uint64_t Values[CounterCount];
  auto Live = M->read<uint32_t>(B.Live);
  auto Spent = M->read<uint64_t>(B.SpentCycles);
  auto Rate = M->read<uint64_t>(B.CyclesPerMs);
  if (B.CounterCount != CounterCount ||
      !M->read(B.Counters, Values, sizeof(Values)) || !Live || !Spent || !Rate)
    return complain(Pid, "it went away, or is of another version");
  printf("enabled %u\n", B.Wanted.IsOn);
  printPercent("budget_percent", B.Wanted.BudgetPpm);
  printf("sample_every %u\nsample_interval_ms %u\nburst %u\n",
         B.Wanted.SampleEvery, B.Wanted.IntervalMs, B.Wanted.Burst);
  printf("slow_path_ms %.3f\n", *Rate ? double(*Spent) / double(*Rate) : 0.);
  printf("live %u\nmax_live %u\n", *Live, B.MaxLive);
  for (unsigned I = 0; I != CounterCount; ++I)
    printf("%s %" PRIu64 "\n", counterName(static_cast<Counter>(I)), Values[I]);
  return 0;
}

int changeProcess(int Pid, const std::vector<std::string> &Changes) {
  std::string Problem;
  std::unique_ptr<ProcessMemory> M = ProcessMemory::open(Pid, Problem);
  std::optional<FoundControlBlock> F;
  if (M)
    F = findControlBlock(*M, Problem);
  if (!F)
    return complain(Pid, Problem);
  // The runtime's own parser, starting from what is set.
  const Knobs &Now = F->Block.Wanted;
  Options O;
  O.enabled = Now.IsOn;
  O.budget_percent = Now.BudgetPpm;
  O.sample_every = Now.SampleEvery;
  O.sample_interval_ms = Now.IntervalMs;
  O.burst = Now.Burst;
  for (const std::string &Change : Changes) {
    std::string Name = Change.substr(0, Change.find('='));
    bool IsKnob = Name == "enabled" || Name == "budget_percent" ||
                  Name == "sample_every" || Name == "sample_interval_ms" ||
                  Name == "burst";
    if (!IsKnob)
      return complain(Pid, "'" + Name +
                               "' cannot be changed while it runs; enabled, "
                               "budget_percent, sample_every, "
                               "sample_interval_ms and burst can");
    BufferedWriter<512> Errors;
    parseOptions(Change.c_str(), /*IsSecure=*/false, "", O, Errors);
    if (Errors.size()) {
      std::string Text(Errors.data(), Errors.size());
      return complain(Pid, Text.substr(0, Text.find('\n')));
    }
  }
  Knobs Wanted = {O.enabled,
                  O.budget_percent,
                  static_cast<uint32_t>(O.sample_every),
                  static_cast<uint32_t>(O.sample_interval_ms),
                  static_cast<uint32_t>(O.burst),
                  Now.Generation};
  uint64_t At = F->Address + offsetof(ControlBlock, Wanted);
  uint32_t Next = Now.Generation + 1;
  // The generation last: the process looks at the others when it has changed.
  if (!M->write(At, &Wanted, offsetof(Knobs, Generation)) ||
      !M->write(At + offsetof(Knobs, Generation), &Next, sizeof(Next)))
    return complain(Pid, "not permitted to write to it");
  return 0;
}

} // namespace heapfence
