// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the control block of a process, reads and writes it.

#include "process.h"
#include "counters.h"
#include "heapfence/control.h"
#include "options.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <sys/uio.h>
#include <unistd.h>

namespace heapfence {

namespace {

/// The memory of another process.
class Memory {
public:
  explicit Memory(int Pid) : Pid(Pid) {}

  bool read(uint64_t From, void *To, size_t Size) const {
    iovec Local = {To, Size}, Remote = {pointer(From), Size};
    return process_vm_readv(Pid, &Local, 1, &Remote, 1, 0) == ssize_t(Size);
  }
  bool write(uint64_t To, const void *From, size_t Size) const {
    iovec Local = {const_cast<void *>(From), Size},
          Remote = {pointer(To), Size};
    return process_vm_writev(Pid, &Local, 1, &Remote, 1, 0) == ssize_t(Size);
  }
  template <typename T> std::optional<T> read(uint64_t From) const {
    T Value;
    if (!read(From, &Value, sizeof(T)))
      return std::nullopt;
    return Value;
  }

  const int Pid;

private:
  static void *pointer(uint64_t Address) {
    return reinterpret_cast<void *>(Address);
  }
};

int complain(int Pid, const std::string &What) {
  fprintf(stderr, "heapfence: process %d: %s\n", Pid, What.c_str());
  return 1;
}

struct Found {
  uint64_t Address;
  ControlBlock Block;
};

/// Looks at the page before each multiple of the window's size that some
/// mapping begins at or spans.
std::optional<Found> findBlock(const Memory &M, std::string &Problem) {
  std::ifstream Maps("/proc/" + std::to_string(M.Pid) + "/maps");
  if (!Maps) {
    Problem = "there is none, or it is not yours";
    return std::nullopt;
  }
  const uint64_t Window = uint64_t(1) << WindowLog2;
  const auto Page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  bool IsDenied = false;
  for (std::string Line; std::getline(Maps, Line);) {
    uint64_t Begin, End;
    if (sscanf(Line.c_str(), "%" SCNx64 "-%" SCNx64, &Begin, &End) != 2)
      continue;
    for (uint64_t Base = (Begin + Window) & ~(Window - 1); Base <= End;
         Base += Window) {
      Found F = {Base - Page, {}};
      if (!M.read(F.Address, &F.Block, sizeof(F.Block))) {
        IsDenied |= errno == EPERM;
        continue;
      }
      if (F.Block.Magic != ControlMagic)
        continue;
      if (F.Block.Version == ControlVersion &&
          F.Block.Size == sizeof(ControlBlock))
        return F;
      Problem = "its HeapFence is of another version than this tool";
      return std::nullopt;
    }
  }
  Problem = IsDenied ? "not permitted to look into it (another user's, or "
                       "kernel.yama.ptrace_scope forbids)"
                     : "HeapFence is not on in it";
  return std::nullopt;
}

void printPercent(const char *Name, uint32_t PartsPerMillion) {
  printf("%s %g\n", Name, PartsPerMillion / 10000.);
}

} // namespace

int showProcess(int Pid) {
  Memory M(Pid);
  std::string Problem;
  std::optional<Found> F = findBlock(M, Problem);
  if (!F)
    return complain(Pid, Problem);
  const ControlBlock &B = F->Block;
  uint64_t Values[CounterCount];
  auto Live = M.read<uint32_t>(B.Live);
  auto Spent = M.read<uint64_t>(B.SpentCycles);
  auto Rate = M.read<uint64_t>(B.CyclesPerMs);
  if (B.CounterCount != CounterCount ||
      !M.read(B.Counters, Values, sizeof(Values)) || !Live || !Spent || !Rate)
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
  Memory M(Pid);
  std::string Problem;
  std::optional<Found> F = findBlock(M, Problem);
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
  if (!M.write(At, &Wanted, offsetof(Knobs, Generation)) ||
      !M.write(At + offsetof(Knobs, Generation), &Next, sizeof(Next)))
    return complain(Pid, "not permitted to write to it");
  return 0;
}

} // namespace heapfence
