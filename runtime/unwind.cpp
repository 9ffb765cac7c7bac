// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks stacks: what may be read, what is remembered, one step after another.
// Called from: slow path of sampled allocations, signal handler.

#include "unwind.h"

#include "eh_frame.h"
#include "stack_excerpt.h"
#include "sync.h"

#include <signal.h>
#include <string.h>

namespace heapfence {
namespace {

constexpr uintptr_t WordSize = sizeof(uintptr_t);

/// Reads words from a stack, never from outside of its bounds; or from the
/// excerpt of one that is gone.
class StackReader {
public:
  StackReader(uintptr_t Low, const StackWord *Words, unsigned Count)
      : Low(Low), NeedsProbe(false), Words(Words), WordCount(Count) {}
  explicit StackReader(StackBounds Bounds)
      : Low(Bounds.Low), Moved(Bounds.Moved), NeedsProbe(Bounds.NeedsProbe) {
    if (Bounds.High > Low && Bounds.High - Low >= WordSize)
      Size = Bounds.High - Low - (WordSize - 1);
  }

  // What is read are whole frames, including what a sanitizer has poisoned.
  __attribute__((no_sanitize("address", "thread"))) bool
  load(uintptr_t Address, uintptr_t &Value) {
    if (__builtin_expect(Words != nullptr, false))
      return loadKept(Address, Value);
    if (Address % WordSize != 0 || Address - Low >= Size)
      return false;
    if (__builtin_expect(NeedsProbe, false) &&
        probedPage(Address) != ProbedPage) {
      if (!isStackReadable(Address))
        return false;
      ProbedPage = probedPage(Address);
    }
    Value = *reinterpret_cast<const volatile uintptr_t *>(Address + Moved);
    return true;
  }

  /// Where what is at `Address` can be read.
  const void *at(uintptr_t Address) const {
    return reinterpret_cast<const void *>(Address + Moved);
  }

private:
  bool loadKept(uintptr_t Address, uintptr_t &Value) const {
    for (unsigned I = 0; I != WordCount; ++I)
      if (Low + Words[I].offset() * WordSize == Address) {
        Value = Words[I].value();
        return true;
      }
    return false;
  }

  uintptr_t Low;
  uintptr_t Moved = 0; ///< As of `StackBounds`.
  uintptr_t Size = 0;  ///< Of the range of addresses a word can be read at.
  bool NeedsProbe;
  uintptr_t ProbedPage = 0;         ///< The last page found readable.
  const StackWord *Words = nullptr; ///< Of the excerpt, if it is one.
  unsigned WordCount = 0;
};

/// A remembered rule. Two words that are written one after the other, without
/// a lock: the key covers the rule, so a reader that meets the halves of two
/// writes finds neither address (except by a chance of about 2^-40, and then
/// the stack is wrong, no more).
struct CacheEntry {
  Atomic<uint64_t> Key;
  Atomic<uint64_t> Rule;
};

/// 64 KiB, of which a process only touches what it uses. A few thousand return
/// addresses lead to the heap functions of even a large program.
constexpr unsigned CacheLog2 = 12;
constinit CacheEntry Cache[1 << CacheLog2];

/// 2^64 divided by the golden ratio: spreads consecutive numbers.
constexpr uint64_t Spread = 0x9e3779b97f4a7c15;

/// A multiple of `Spread`, another after each flush. Part of each key.
constinit Atomic<uint64_t> CacheGeneration;

constexpr uint64_t cacheKey(uintptr_t Pc, uint64_t Rule, uint64_t Generation) {
  return Pc ^ ((Rule ^ Generation) * Spread);
}

__attribute__((noinline)) FrameRule findAndCache(uintptr_t Pc,
                                                 CacheEntry &Entry,
                                                 uint64_t Generation) {
  EhFrameTables Tables;
  // Not cached: dlopen may put an object here without anyone flushing.
  if (!ehFrameTablesFor(Pc, Tables))
    return FrameRule{};
  const FrameRule Rule = findFrameRule(Tables, Pc);
  uint64_t Word;
  memcpy(&Word, &Rule, sizeof(Word));
  Entry.Rule.storeRelaxed(Word);
  Entry.Key.storeRelaxed(cacheKey(Pc, Word, Generation));
  return Rule;
}

/// The rule of the instruction at `Pc`. One that is not cached takes one of
/// `Lookups`: if there is none left, `IsMissing` is set.
FrameRule frameRuleAt(uintptr_t Pc, unsigned &Lookups, bool &IsMissing) {
  // Acquire: tables are read later than this, so that what was looked up before
  // a `cfiCacheFlush` is never stored under the generation after it.
  const uint64_t Generation = CacheGeneration.loadAcquire();
  CacheEntry &Entry = Cache[(Pc * Spread) >> (64 - CacheLog2)];
  // Relaxed, as the stores: the key vouches for the rule.
  const uint64_t Word = Entry.Rule.loadRelaxed();
  if (Entry.Key.loadRelaxed() != cacheKey(Pc, Word, Generation)) {
    IsMissing = Lookups == 0;
    return Lookups-- == 0 ? FrameRule{} : findAndCache(Pc, Entry, Generation);
  }
  FrameRule Rule;
  memcpy(&Rule, &Word, sizeof(Rule));
  return Rule;
}

/// What a walk starts from.
enum class Begin : uint8_t {
  Call,  ///< A frame record.
  Fault, ///< The registers of an instruction.
  Frame, ///< A frame that a walk came to.
};

/// A walk from frame to frame, outwards.
class Walk {
public:
  Walk(FrameRegisters Start, StackReader Stack, Begin At,
       unsigned Lookups = ~0u)
      : Stack(Stack), Registers(Start), IsExact(At == Begin::Fault),
        SpIsKnown(At != Begin::Call || arch::Frames.RecordIsOutermost),
        Lookups(Lookups) {}

  /// Where a walk by CFI ended for want of lookups; `Pc` is 0 elsewhere.
  FrameRegisters rest() const {
    return IsMissing && SpIsKnown && !IsExact ? Registers : FrameRegisters{};
  }

  /// Each goes to the caller's frame.
  /// Returns: false if there is none or it cannot be found.
  bool stepByFramePointer();
  bool stepByCfi();

  /// The current frame's address as a return address.
  uintptr_t pc() const {
    return IsExact ? Registers.Pc + arch::Frames.CallLength : Registers.Pc;
  }

private:
  bool stepByRule(FrameRule Rule);
  bool stepFromEntry();
  bool stepFromSignal();
  bool findCfa(FrameRule Rule, uintptr_t &Cfa);
  FrameRule ruleAt(uintptr_t Pc) { return frameRuleAt(Pc, Lookups, IsMissing); }
  uintptr_t callerFp(FrameRule Rule, uintptr_t Cfa);

  /// Moves to the caller. Stacks grow downwards, so callers are further up;
  /// only a function that has pushed nothing may have the same `Sp`.
  bool enter(uintptr_t Pc, uintptr_t Sp, uintptr_t Fp) {
    if (Pc == 0 || Sp < Registers.Sp || (Sp == Registers.Sp && !IsExact))
      return false;
    Registers = {arch::stripTag(Pc), Sp, Fp, /*Lr=*/0};
    IsExact = false;
    SpIsKnown = true;
    return true;
  }

  StackReader Stack;
  FrameRegisters Registers;
  bool IsExact;     ///< Pc is the instruction that runs, not a return address.
  bool SpIsKnown;   ///< Else Sp is only a lower limit.
  unsigned Lookups; ///< Of rules that are not cached, that are left.
  bool IsMissing = false; ///< A rule was not looked up.
};

bool Walk::stepByFramePointer() {
  const uintptr_t Fp = Registers.Fp;
  uintptr_t CallerFp, Pc;
  if (Fp < Registers.Sp || !Stack.load(Fp, CallerFp) ||
      !Stack.load(Fp + WordSize, Pc) || !enter(Pc, Fp + 2 * WordSize, CallerFp))
    return false;
  SpIsKnown = arch::Frames.RecordIsOutermost;
  return true;
}

bool Walk::stepByCfi() {
  // A call may be a function's last instruction: the return address is then
  // already another function's.
  const FrameRule Rule =
      ruleAt(IsExact ? Registers.Pc : Registers.Pc - arch::Frames.CallLength);
  if (IsMissing)
    return false;
  switch (Rule.kind()) {
  case FrameKind::Call:
    return stepByRule(Rule);
  case FrameKind::Signal:
    return stepFromSignal();
  case FrameKind::End:
    return false;
  case FrameKind::None:
    break;
  }
  if (IsExact)
    return stepFromEntry() || stepByFramePointer();
  // Where a function begins, there is no call before: its address was put
  // there to start a stack, for instance by makecontext.
  return ruleAt(Registers.Pc).kind() == FrameKind::None && stepByFramePointer();
}

uintptr_t Walk::callerFp(FrameRule Rule, uintptr_t Cfa) {
  const uintptr_t Offset = static_cast<uintptr_t>(Rule.FpWords * 8);
  uintptr_t Fp = 0;
  switch (Rule.callerFp()) {
  case CallerFp::Same:
    return Registers.Fp;
  case CallerFp::AtCfa:
    return Stack.load(Cfa + Offset, Fp) ? Fp : 0;
  case CallerFp::AtFp:
    return Stack.load(Registers.Fp + Offset, Fp) ? Fp : 0;
  case CallerFp::Lost:
    break;
  }
  return 0;
}

/// Returns: false if the CFA cannot be told.
bool Walk::findCfa(FrameRule Rule, uintptr_t &Cfa) {
  if (!SpIsKnown && !Rule.CfaUsesFp) {
    // The frame pointer tells, if it points to where its caller's is saved.
    Cfa = Registers.Fp - static_cast<uintptr_t>(Rule.FpWords * 8);
    return Rule.callerFp() == CallerFp::AtCfa;
  }
  Cfa = (Rule.CfaUsesFp ? Registers.Fp : Registers.Sp) +
        static_cast<uintptr_t>(Rule.CfaOffset);
  if (!Rule.CfaIsLoaded)
    return true;
  const bool IsLoaded = Stack.load(Cfa, Cfa);
  Cfa += static_cast<uintptr_t>(Rule.CfaWords * 8);
  return IsLoaded;
}

bool Walk::stepByRule(FrameRule Rule) {
  uintptr_t Cfa, Pc = Registers.Lr;
  return findCfa(Rule, Cfa) &&
         (Rule.PcIsInLr ||
          Stack.load(Cfa + static_cast<uintptr_t>(Rule.PcWords * 8), Pc)) &&
         enter(Pc, Cfa, callerFp(Rule, Cfa));
}

/// For an interrupted instruction outside of all code that we know: typically
/// a call through a wild pointer, which has done nothing but the call itself.
/// Only believed if the return address is one.
bool Walk::stepFromEntry() {
  uintptr_t Pc = arch::stripTag(Registers.Lr);
  uintptr_t Sp = Registers.Sp;
  if (Pc == 0) {
    if (!Stack.load(Sp, Pc))
      return false;
    Sp += WordSize;
  }
  return ruleAt(Pc - arch::Frames.CallLength).kind() == FrameKind::Call &&
         enter(Pc, Sp, Registers.Fp);
}

/// Continues where the signal came in, maybe on another stack.
bool Walk::stepFromSignal() {
  // Covers the registers in either CPU's ucontext_t, and less than a page.
  constexpr uintptr_t ContextSize = 512;
  const uintptr_t Context = Registers.Sp + arch::Frames.ContextOffset;
  uintptr_t Ignored;
  if (!Stack.load(Context, Ignored) ||
      !Stack.load(Context + ContextSize - WordSize, Ignored))
    return false;
  Registers = arch::registersOf(Stack.at(Context));
  Stack = StackReader(stackBounds(Registers.Sp));
  IsExact = true;
  SpIsKnown = true;
  return true;
}

} // namespace

unsigned unwindFramePointers(FrameRegisters Start, StackBounds Bounds,
                             uintptr_t *Pcs, unsigned Max) noexcept {
  if (Max == 0)
    return 0;
  Walk W(Start, StackReader(Bounds), Begin::Call);
  unsigned Count = 0;
  for (Pcs[Count++] = Start.Pc; Count != Max && W.stepByFramePointer();)
    Pcs[Count++] = W.pc();
  return Count;
}

/// Fills `Pcs` with the callers of where `W` is.
static unsigned takeCallers(Walk &W, uintptr_t *Pcs, unsigned Max) {
  unsigned Count = 0;
  while (Count != Max && W.stepByCfi())
    Pcs[Count++] = W.pc();
  return Count;
}

unsigned unwindCfi(FrameRegisters Start, StackBounds Bounds, bool StartIsFault,
                   uintptr_t *Pcs, unsigned Max) noexcept {
  if (Max == 0)
    return 0;
  Walk W(Start, StackReader(Bounds), StartIsFault ? Begin::Fault : Begin::Call);
  Pcs[0] = Start.Pc;
  return 1 + takeCallers(W, Pcs + 1, Max - 1);
}

PartialWalk unwindCfiPart(FrameRegisters Start, StackBounds Bounds,
                          uintptr_t *Pcs, unsigned Max,
                          unsigned MaxLookups) noexcept {
  Walk W(Start, StackReader(Bounds), Begin::Call, MaxLookups);
  Pcs[0] = Start.Pc;
  unsigned Callers = takeCallers(W, Pcs + 1, Max - 1);
  return {1 + Callers, W.rest()};
}

unsigned unwindExcerpt(FrameRegisters Rest, const StackWord *Words,
                       unsigned WordCount, uintptr_t *Pcs,
                       unsigned Max) noexcept {
  Walk W(Rest, StackReader(Rest.Sp, Words, WordCount), Begin::Frame);
  return takeCallers(W, Pcs, Max);
}

void cfiCacheFlush() noexcept { CacheGeneration.addRelaxed(Spread); }

} // namespace heapfence
