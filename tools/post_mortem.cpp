// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Judges a core file; describes addresses.

#include "post_mortem.h"
#include "instruction.h"
#include "process_memory.h"
#include "report_styles.h"
#include "target.h"
#include "whole_core.h"

#include <csignal>
#include <cstdio>

namespace heapfence {

namespace {

constexpr size_t MaxReportBytes = 256 << 10;

int complain(const std::string &What, const std::string &Problem) {
  fprintf(stderr, "heapfence: %s: %s\n", What.c_str(), Problem.c_str());
  return 1;
}

/// What is known of the object at or near an address, as text.
std::string describe(Target &T, uint64_t Address) {
  static Report R;
  static char Text[MaxReportBytes];
  Writer Out(Text, sizeof(Text));
  if (!T.pool().owns(Address)) {
    (Out.hex(Address)) << " is not in guarded memory\n";
    return {Out.data(), Out.size()};
  }
  T.describeObject(R,
                   diagnoseAccess(T.pool().view(), Address, Access::Unknown));
  writeDescription(Out, R);
  return {Out.data(), Out.size()};
}

std::string objects(uint64_t Count) {
  BufferedWriter<32> Out;
  Out.plural(Count, "object");
  return Out.text();
}

/// Its first line, and whether it lives.
std::string describeInLine(Target &T, uint64_t Address) {
  std::string Text = describe(T, Address);
  Text.resize(Text.find('\n'));
  uint32_t Slot =
      diagnoseAccess(T.pool().view(), Address, Access::Unknown).Slot;
  if (Slot != NoSlot)
    Text +=
        isLive(T.pool().slot(Slot).State.loadRelaxed()) ? ", live" : ", freed";
  return Text;
}

/// The reports on a core file.
class Judge {
public:
  Judge(const CoreFile &Core, Target &T, SymbolizedOutput &Out)
      : Core(Core), T(T), Out(Out), Pool(T.pool()) {}

  void judge();

private:
  void report(const Diagnosis &D, const Changes &What);
  Access access(uint64_t Address) const;
  std::vector<uint8_t> code() const;
  void judgeObjects();
  void sayEnd();
  void tellReported();
  void tellRegisters();
  void sayLine(const std::string &Text) {
    Out.print("==" + std::to_string(Core.pid()) + "==HeapFence: " + Text +
              "\n");
  }
  /// What the signal is about; nothing if it tells no address.
  std::optional<uint64_t> faultAddress() const;

  const CoreFile &Core;
  Target &T;
  SymbolizedOutput &Out;
  const PoolSnapshot &Pool;
  bool IsAnythingWrong = false;
  uint32_t JudgedSlot = NoSlot; ///< The fault is an error in this object.
};

std::optional<uint64_t> Judge::faultAddress() const {
  const SignalCause &C = Core.cause();
  bool IsFault = C.Signal == SIGSEGV || C.Signal == SIGBUS;
  if (!IsFault || C.Code <= 0 || C.Code == SI_KERNEL)
    return std::nullopt;
  return C.Address & Core.cpu().Frames.AddressBits;
}

/// Of the instruction that the thread was at.
std::vector<uint8_t> Judge::code() const {
  constexpr size_t LongestInstruction = 16;
  const arch::ThreadStatus &At = Core.thread();
  std::vector<uint8_t> Code(LongestInstruction);
  while (!Code.empty() && !Core.read(At.Frame.Pc, Code.data(), Code.size()))
    Code.pop_back();
  return Code;
}

Access Judge::access(uint64_t Address) const {
  const arch::ThreadStatus &At = Core.thread();
  const std::vector<uint8_t> Code = code();
  return Code.empty() && Address == At.Frame.Pc
             ? Access::Execute
             : accessOf(Core.cpu(), Code, At, Address);
}

void Judge::report(const Diagnosis &D, const Changes &What) {
  static Report R;
  static char Text[MaxReportBytes];
  IsAnythingWrong = true;
  T.describeObject(R, D);
  R.Changed = What;
  T.describeThread(R.Stack, Core.thread(),
                   /*IsFirst=*/Core.thread().Tid == Core.pid());
  // Of others it is not this thread's instruction that did it.
  if (std::optional<uint64_t> Address = faultAddress();
      Address && D.Slot == JudgedSlot && R.Stack.IsFault)
    if (auto Used = operandAt(Core.cpu(), code(), &Core.thread(), *Address))
      Out.tellAccess(*Used);
  Writer To(Text, sizeof(Text));
  writeDefaultReport(To, R, Core.pid());
  writeDefaultSummary(To, R);
  Out.print({To.data(), To.size()});
}

/// As the runtime does at the end of a process.
void Judge::judgeObjects() {
  uint32_t Unchecked = 0;
  for (uint32_t I = 0; I != Pool.slotCount(); ++I) {
    const Slot &S = Pool.slot(I);
    if (!isLive(S.State.loadRelaxed()) && !isLight(S))
      continue;
    Unchecked += isLive(S.State.loadRelaxed()) && !Pool.canCheck(I);
    std::optional<Corruption> C = Pool.findCorruption(I);
    if (C && I != JudgedSlot && !S.IsReported.loadRelaxed())
      report(diagnoseCorruption(Pool.view(), C->Address, I), C->What);
  }
  if (Unchecked)
    sayLine("not checked, for their pages are not in the core: " +
            objects(Unchecked));
  if (Pool.damagedCount())
    sayLine("left out, for what is kept of them is damaged: " +
            objects(Pool.damagedCount()));
}

/// Of the signals that write core files.
std::string nameOf(int Signal) {
  constexpr std::pair<int, const char *> Names[] = {
      {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
      {SIGILL, "SIGILL"},   {SIGQUIT, "SIGQUIT"}, {SIGSEGV, "SIGSEGV"},
      {SIGSYS, "SIGSYS"},   {SIGTRAP, "SIGTRAP"}};
  for (auto [Number, Name] : Names)
    if (Number == Signal)
      return Name;
  return "signal " + std::to_string(Signal);
}

void Judge::sayEnd() {
  int Signal = Core.cause().Signal ? Core.cause().Signal : Core.thread().Signal;
  if (!Signal)
    return sayLine("the process was not ended by a signal");
  std::string Text = "the process was ended by " + nameOf(Signal);
  std::optional<uint64_t> Address = faultAddress();
  if (!Address)
    return sayLine(Text + ", which tells no address");
  BufferedWriter<32> Hex;
  Hex.hex(*Address);
  sayLine(Text + " at " + Hex.text() +
          (Pool.owns(*Address) ? ", in a live object that the program itself "
                                 "has protected"
                               : ", which is in no guarded object"));
}

/// The objects that the process itself reported errors in.
void Judge::tellReported() {
  constexpr unsigned Most = 8;
  unsigned Count = 0;
  for (uint32_t I = 0; I != Pool.slotCount(); ++I) {
    const Slot &S = Pool.slot(I);
    if (!hasObject(S.State.loadRelaxed()) || !S.IsReported.loadRelaxed())
      continue;
    IsAnythingWrong = true;
    if (Count++ >= Most)
      continue;
    sayLine("an error in this object was reported before:");
    Out.print(describe(T, S.Address));
  }
  if (Count > Most)
    sayLine("as were errors in others: " + objects(Count - Most));
}

void Judge::tellRegisters() {
  const arch::ThreadStatus &At = Core.thread();
  std::string Text;
  for (unsigned I = 0; I != At.Count; ++I)
    if (uint64_t Value = At.General[I].Value & Core.cpu().Frames.AddressBits;
        Pool.owns(Value))
      Text += "    " + std::string(At.General[I].Name) + ": " +
              describeInLine(T, Value) + "\n";
  if (Text.empty())
    return sayLine("no register points into guarded memory");
  sayLine("registers that point into guarded memory:");
  Out.print(Text);
}

void Judge::judge() {
  Diagnosis D;
  std::optional<uint64_t> Address = faultAddress();
  if (Address && Pool.owns(*Address))
    D = diagnoseAccess(Pool.view(), *Address, access(*Address));
  if (D.Kind != ErrorKind::None) {
    JudgedSlot = D.Slot;
    report(D, {});
    return judgeObjects();
  }
  sayEnd();
  tellReported();
  tellRegisters();
  judgeObjects();
  if (!IsAnythingWrong)
    sayLine("no error is seen in the guarded objects");
}

} // namespace

int judgeCore(const CoreOptions &Options) {
  WholeCore Whole;
  std::string Problem;
  if (!Whole.open(Options, Problem)) {
    fprintf(stderr, "heapfence: %s\n", Problem.c_str());
    return 1;
  }
  std::unique_ptr<Target> T = Target::open(Whole.core(), Problem);
  if (!T)
    return complain(Options.Core, Problem);
  SymbolizeOptions Symbolize = Options.Symbolize;
  Symbolize.ModulePaths.insert(
      Symbolize.ModulePaths.begin(),
      {plainPath(Whole.executablePath()), Options.Executable});
  SymbolizedOutput Out(Symbolize);
  if (Options.Address)
    Out.print(describe(*T, *Options.Address));
  else
    Judge(Whole.core(), *T, Out).judge();
  return Out.finish(Symbolize.Say) ? 0 : 1;
}

int describeInProcess(int Pid, uint64_t Address,
                      const SymbolizeOptions &Options) {
  std::string Problem;
  std::unique_ptr<ProcessMemory> M = ProcessMemory::open(Pid, Problem);
  std::unique_ptr<Target> T;
  if (M)
    T = Target::open(*M, Problem);
  if (!T)
    return complain("process " + std::to_string(Pid), Problem);
  SymbolizedOutput Out(Options);
  Out.print(describe(*T, Address));
  return Out.finish(Options.Say) ? 0 : 1;
}

} // namespace heapfence
