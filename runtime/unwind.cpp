// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks stacks: what may be read, what is remembered, one step after another.
// Called from: slow path of sampled allocations, signal handler.

#include "unwind.h"

#include "eh_frame.h"
#include "stack_excerpt.h"
#include "sync.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace heapfence {
namespace {

constexpr uintptr_t WordSize = sizeof(uintptr_t);

/// Unit of probing. The CPU's pages may be larger, never smaller.
constexpr uintptr_t PageSize = 4096;

constexpr uintptr_t pageOf(uintptr_t Address) {
  return Address & ~(PageSize - 1);
}

/// Whether the page of `Address` can be read. The kernel copies the signal set
/// before it looks at the operation, which is invalid: EFAULT or EINVAL, and
/// no effect. Unlike process_vm_readv, every sandbox allows this call.
__attribute__((noinline)) bool isReadable(uintptr_t Address) {
  constexpr long NoOperation = -1;
  constexpr long KernelSetSize = 8;
  const int SavedErrno = errno;
  const long Result = syscall(SYS_rt_sigprocmask, NoOperation, pageOf(Address),
                              nullptr, KernelSetSize);
  const bool Readable = Result == -1 && errno == EINVAL;
  errno = SavedErrno;
  return Readable;
}

/// The calling thread's own stack, as far as it has been looked at. A signal
/// handler may interrupt its update at any point: each field by itself is
/// valid at all times, and the work at most done twice.
struct OwnStack {
  uintptr_t Top;         ///< 0: not determined yet.
  uintptr_t ReadableLow; ///< All pages from here to Top can be read.
  bool HasEnded;         ///< The page below ReadableLow cannot.
};

constinit thread_local OwnStack Own
    __attribute__((tls_model("initial-exec"))) = {};

/// An address close to the stack's top, above all frames. The kernel puts the
/// random bytes above the initial thread's first frame; the C library puts the
/// thread descriptor at the top of all other stacks.
uintptr_t findOwnTop() {
  const bool IsInitialThread = syscall(SYS_gettid) == getpid();
  const uintptr_t Top = IsInitialThread
                            ? static_cast<uintptr_t>(getauxval(AT_RANDOM))
                            : reinterpret_cast<uintptr_t>(
                                  reinterpret_cast<void *>(pthread_self()));
  return Top & ~(WordSize - 1);
}

/// Extends what is known to be readable down to `Sp`, at most a few pages at a
/// time. A stack stays readable while its thread lives, so each page is probed
/// once; a fiber's stack below it is kept apart by the guard page.
/// Returns: whether all from `Sp` to the top can be read.
bool extendOwnStack(uintptr_t Sp) {
  constexpr unsigned MaxProbes = 64;
  for (unsigned I = 0; I != MaxProbes && Sp < Own.ReadableLow; ++I) {
    const uintptr_t Page = pageOf(Own.ReadableLow - 1);
    if (Own.HasEnded || !isReadable(Page)) {
      Own.HasEnded = true;
      return false;
    }
    Own.ReadableLow = Page;
  }
  return Sp >= Own.ReadableLow;
}

} // namespace

StackBounds stackBounds(uintptr_t Sp) noexcept {
  // Beyond these sizes, `Sp` is on some other stack; of that one, a garbage
  // pointer shall not lead far away.
  constexpr uintptr_t MaxOwnSize = 64 << 20;
  constexpr uintptr_t MaxOtherSize = 8 << 20;
  if (Own.Top == 0) {
    Own.ReadableLow = findOwnTop();
    // A signal handler that sees Top must see ReadableLow.
    __atomic_signal_fence(__ATOMIC_RELEASE);
    Own.Top = Own.ReadableLow;
  }
  const uintptr_t Low = Sp & ~(WordSize - 1);
  if (Low < Own.Top && Own.Top - Low < MaxOwnSize)
    return {Low, Own.Top, /*NeedsProbe=*/!extendOwnStack(Low)};
  const uintptr_t Left = ~uintptr_t(0) - Low;
  return {Low, Low + (Left < MaxOtherSize ? Left : MaxOtherSize),
          /*NeedsProbe=*/true};
}

namespace {

/// Reads words from a stack, never from outside of its bounds; or from the
/// excerpt of one that is gone.
class StackReader {
public:
  StackReader(uintptr_t Low, const StackWord *Words, unsigned Count)
      : Low(Low), NeedsProbe(false), Words(Words), WordCount(Count) {}
  explicit StackReader(StackBounds Bounds)
      : Low(Bounds.Low), NeedsProbe(Bounds.NeedsProbe) {
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
    if (__builtin_expect(NeedsProbe, false) && pageOf(Address) != ProbedPage) {
      if (!isReadable(Address))
        return false;
      ProbedPage = pageOf(Address);
    }
    Value = *reinterpret_cast<const volatile uintptr_t *>(Address);
    return true;
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
  uintptr_t Size = 0; ///< Of the range of addresses a word can be read at.
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

/// A walk from frame to frame, outwards.
class Walk {
public:
  Walk(FrameRegisters Start, StackReader Stack, bool IsExact,
       unsigned Lookups = ~0u)
      : Stack(Stack), Registers(Start), IsExact(IsExact), Lookups(Lookups) {}

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
    return IsExact ? Registers.Pc + arch::CallLength : Registers.Pc;
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
  bool IsExact; ///< Pc is the instruction that runs, not a return address.
  bool SpIsKnown = true;  ///< Else Sp is only a lower limit.
  unsigned Lookups;       ///< Of rules that are not cached, that are left.
  bool IsMissing = false; ///< A rule was not looked up.
};

bool Walk::stepByFramePointer() {
  // x86-64's frame record is the first that a function pushes; arm64's may be
  // anywhere in the frame, so it does not tell where the frame ends.
  constexpr bool RecordIsOutermost = arch::DwarfSp == 7;
  const uintptr_t Fp = Registers.Fp;
  uintptr_t CallerFp, Pc;
  if (Fp < Registers.Sp || !Stack.load(Fp, CallerFp) ||
      !Stack.load(Fp + WordSize, Pc) || !enter(Pc, Fp + 2 * WordSize, CallerFp))
    return false;
  SpIsKnown = RecordIsOutermost;
  return true;
}

bool Walk::stepByCfi() {
  // A call may be a function's last instruction: the return address is then
  // already another function's.
  const FrameRule Rule =
      ruleAt(IsExact ? Registers.Pc : Registers.Pc - arch::CallLength);
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
  return ruleAt(Pc - arch::CallLength).kind() == FrameKind::Call &&
         enter(Pc, Sp, Registers.Fp);
}

/// Continues where the signal came in, maybe on another stack.
bool Walk::stepFromSignal() {
  // The kernel's frame, on top of which the handler returns: on arm64 the
  // siginfo_t is first, on x86-64 the ucontext_t.
  constexpr uintptr_t ContextOffset =
      arch::DwarfSp == 31 ? sizeof(siginfo_t) : 0;
  // Covers the registers in either CPU's ucontext_t, and less than a page.
  constexpr uintptr_t ContextSize = 512;
  const uintptr_t Context = Registers.Sp + ContextOffset;
  uintptr_t Ignored;
  if (!Stack.load(Context, Ignored) ||
      !Stack.load(Context + ContextSize - WordSize, Ignored))
    return false;
  Registers = arch::registersOf(reinterpret_cast<const void *>(Context));
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
  Walk W(Start, StackReader(Bounds), /*IsExact=*/false);
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
  Walk W(Start, StackReader(Bounds), /*IsExact=*/StartIsFault);
  Pcs[0] = Start.Pc;
  return 1 + takeCallers(W, Pcs + 1, Max - 1);
}

PartialWalk unwindCfiPart(FrameRegisters Start, StackBounds Bounds,
                          uintptr_t *Pcs, unsigned Max,
                          unsigned MaxLookups) noexcept {
  Walk W(Start, StackReader(Bounds), /*IsExact=*/false, MaxLookups);
  Pcs[0] = Start.Pc;
  unsigned Callers = takeCallers(W, Pcs + 1, Max - 1);
  return {1 + Callers, W.rest()};
}

unsigned unwindExcerpt(FrameRegisters Rest, const StackWord *Words,
                       unsigned WordCount, uintptr_t *Pcs,
                       unsigned Max) noexcept {
  Walk W(Rest, StackReader(Rest.Sp, Words, WordCount), /*IsExact=*/false);
  return takeCallers(W, Pcs, Max);
}

void cfiCacheFlush() noexcept { CacheGeneration.addRelaxed(Spread); }

} // namespace heapfence
