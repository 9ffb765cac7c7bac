// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, reports name the wrong callers, or taking a stack crashes the
// program. Stacks are compared with those of libgcc (through backtrace), so
// build it with and without frame pointers.

#include "stack_excerpt.h"
#include "unwind.h"

#include <algorithm>
#include <alloca.h>
#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

using namespace heapfence;

#define NOINLINE __attribute__((noinline))
/// For calls that are wrong on purpose.
#define UNCHECKED __attribute__((noinline, no_sanitize("undefined")))

namespace {

using Pcs = std::vector<uintptr_t>;

constexpr unsigned MaxFrames = 128;
constexpr size_t Page = 4096;

/// Written after each call of a chain, so that no call becomes a jump.
volatile std::atomic<uintptr_t> Sink;

/// The registers of the function it is used in.
inline __attribute__((always_inline)) FrameRegisters captureHere() {
  // Through a pointer: gcc does not inline what calls getcontext by name.
  static int (*volatile const Capture)(ucontext_t *) = getcontext;
  static thread_local ucontext_t Context; // An excerpt shows little stack.
  Capture(&Context);
  FrameRegisters Here = arch::registersOf(&Context);
  Here.Lr = 0;
  return Here;
}

uintptr_t stackPointer() {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

NOINLINE Pcs cfiStack(FrameRegisters Start, bool IsFault = false) {
  uintptr_t Buffer[MaxFrames];
  const unsigned Count =
      unwindCfi(Start, stackBounds(Start.Sp), IsFault, Buffer, MaxFrames);
  return Pcs(Buffer, Buffer + Count);
}

/// One stack, taken by both unwinders.
struct Observation {
  Pcs Ours, Reference;

  /// Everything but the observer's own frame, which the two see at different
  /// calls. A sanitizer's wrapper may be in front of the reference.
  void expectEqual() const {
    ASSERT_GT(Ours.size(), 1u);
    const auto Caller = std::find(Reference.begin(), Reference.end(), Ours[1]);
    EXPECT_EQ(Pcs(Ours.begin() + 1, Ours.end()), Pcs(Caller, Reference.end()));
  }
};

NOINLINE Observation observe() {
  Observation O;
  O.Ours = cfiStack(captureHere());
  void *Addresses[MaxFrames];
  const int Count = backtrace(Addresses, MaxFrames);
  for (int I = 0; I != Count; ++I)
    O.Reference.push_back(reinterpret_cast<uintptr_t>(Addresses[I]));
  return O;
}

template <unsigned Depth, typename F> NOINLINE void descend(F Bottom) {
  if constexpr (Depth == 0)
    Bottom();
  else
    descend<Depth - 1>(Bottom);
  Sink = Depth;
}

TEST(UnwindCfi, AgreesOnDeepChains) {
  descend<50>([] {
    const Observation O = observe();
    EXPECT_GT(O.Ours.size(), 50u);
    O.expectEqual();
  });
}

NOINLINE void withVariableFrame(size_t Size, Observation &O) {
  auto *Buffer = static_cast<volatile char *>(alloca(Size));
  Buffer[0] = 1;
  O = observe();
  Sink = static_cast<uintptr_t>(Buffer[0]);
}

/// The arguments on the stack make gcc address them by an extra register.
NOINLINE void withRealignedFrame(int, int, int, int, int, int, int, size_t Size,
                                 Observation &O) {
  alignas(128) volatile char Aligned[256];
  auto *Buffer = static_cast<volatile char *>(alloca(Size));
  Aligned[0] = 1;
  Buffer[0] = 1;
  O = observe();
  Sink = static_cast<uintptr_t>(Aligned[0] + Buffer[0]);
}

NOINLINE void withHugeFrame(Observation &O) {
  volatile char Huge[300000];
  Huge[0] = 1;
  O = observe();
  Sink = static_cast<uintptr_t>(Huge[0]);
}

TEST(UnwindCfi, AgreesOnUnusualFrames) {
  Observation O;
  withVariableFrame(1000, O);
  O.expectEqual();
  withRealignedFrame(1, 2, 3, 4, 5, 6, 7, 1000, O);
  O.expectEqual();
  withHugeFrame(O);
  O.expectEqual();
}

Observation Observed;

int compareAndObserve(const void *A, const void *B) {
  Observed = observe();
  return *static_cast<const int *>(A) - *static_cast<const int *>(B);
}

TEST(UnwindCfi, AgreesThroughCallbacksFromLibc) {
  int Numbers[] = {3, 1, 2};
  qsort(Numbers, 3, sizeof(int), compareAndObserve);
  Observed.expectEqual();
}

TEST(UnwindCfi, AgreesOnOtherThreads) {
  std::thread([] {
    descend<10>([] { observe().expectEqual(); });
    EXPECT_FALSE(stackBounds(stackPointer()).NeedsProbe);
  }).join();
}

TEST(UnwindCfi, AgreesAfterFork) {
  std::thread([] {
    const pid_t Child = fork();
    if (Child == 0) {
      const Observation O = observe();
      _exit(O.Ours.back() == O.Reference.back() ? 0 : 1);
    }
    int Status = -1;
    waitpid(Child, &Status, 0);
    EXPECT_EQ(Status, 0);
  }).join();
}

/// Takes the stack in one go, and in two with an excerpt between them.
struct Split {
  Pcs Whole, Parts;
  unsigned Words = 0;

  void take(unsigned MaxWords, unsigned MaxLookups) {
    static KnownCode Code;
    Code.look();
    const FrameRegisters Here = captureHere();
    const StackBounds Bounds = stackBounds(Here.Sp);
    // Not on the stack, of which an excerpt shows little.
    static uintptr_t Buffer[MaxFrames];
    // First: the other one fills the cache.
    const PartialWalk Part =
        unwindCfiPart(Here, Bounds, Buffer, MaxFrames, MaxLookups);
    Parts.assign(Buffer, Buffer + Part.Count);
    std::vector<StackWord> Kept(MaxWords);
    if (Part.Rest.Pc) {
      Words = excerptStack({Part.Rest.Sp, Bounds.High, Bounds.NeedsProbe},
                           Code.ranges(), Kept.data(), MaxWords);
      // The stack is gone by then: what is kept has to be enough.
      const unsigned Count =
          unwindExcerpt(Part.Rest, Kept.data(), Words, Buffer, MaxFrames);
      Parts.insert(Parts.end(), Buffer, Buffer + Count);
    }
    Whole = cfiStack(Here);
  }
};

TEST(StackExcerpt, CompletesAWalkThatWasCutShort) {
  for (unsigned Lookups : {0u, 1u, 3u}) {
    Split S;
    cfiCacheFlush();
    descend<5>([&] { S.take(192, Lookups); });
    ASSERT_GT(S.Words, 5u);
    // An excerpt does not reach to the end of a deep stack.
    ASSERT_GE(S.Parts.size(), 8u);
    ASSERT_LE(S.Parts.size(), S.Whole.size());
    S.Whole.resize(S.Parts.size());
    EXPECT_EQ(S.Parts, S.Whole) << Lookups;
  }
}

TEST(StackExcerpt, EndsWhereAWordIsMissing) {
  for (unsigned Words = 0; Words != 12; ++Words) {
    Split S;
    cfiCacheFlush();
    descend<5>([&] { S.take(Words, 0); });
    EXPECT_EQ(S.Words, Words);
    ASSERT_GE(S.Parts.size(), 1u);
    ASSERT_LE(S.Parts.size(), 1 + Words);
    S.Whole.resize(S.Parts.size());
    EXPECT_EQ(S.Parts, S.Whole) << Words;
  }
}

TEST(StackExcerpt, IsNotTakenWhereNothingIsMissing) {
  Split S;
  descend<3>([&] { S.take(192, MaxFrames); });
  EXPECT_EQ(S.Words, 0u);
  EXPECT_EQ(S.Parts, S.Whole);
}

TEST(StackExcerpt, TakesNothingFromAStackThatMayEnd) {
  KnownCode Code;
  Code.look();
  uintptr_t Stack[4];
  for (uintptr_t &Word : Stack)
    Word = reinterpret_cast<uintptr_t>(&stackPointer);
  StackBounds Bounds = {reinterpret_cast<uintptr_t>(Stack),
                        reinterpret_cast<uintptr_t>(Stack + 3), false};
  StackWord Words[4];
  EXPECT_EQ(excerptStack(Bounds, Code.ranges(), Words, 4), 3u);
  EXPECT_EQ(Words[2].offset(), 2u);
  EXPECT_EQ(Words[2].value(), Stack[2]);
  EXPECT_EQ(excerptStack(Bounds, Code.ranges(), Words, 2), 2u);
  Bounds.NeedsProbe = true;
  EXPECT_EQ(excerptStack(Bounds, Code.ranges(), Words, 4), 0u);
}

TEST(KnownCode, HoldsCodeAndNoData) {
  KnownCode Code;
  Code.look();
  auto Holds = [&](const void *P) {
    return Code.ranges().contains(reinterpret_cast<uintptr_t>(P));
  };
  static int Static;
  int Local = 0;
  const std::unique_ptr<int> Heap(new int);
  EXPECT_TRUE(Holds(reinterpret_cast<const void *>(&stackPointer)));
  EXPECT_TRUE(Holds(dlsym(RTLD_DEFAULT, "getcontext")));
  EXPECT_FALSE(Holds(&Static));
  EXPECT_FALSE(Holds(&Local));
  EXPECT_FALSE(Holds(Heap.get()));
  EXPECT_FALSE(Holds(nullptr));
}

TEST(UnwindCfi, StopsAtTheCallersLimit) {
  uintptr_t Buffer[4] = {0, 0, 0, 77};
  const FrameRegisters Here = captureHere();
  const StackBounds Bounds = stackBounds(Here.Sp);
  EXPECT_EQ(unwindCfi(Here, Bounds, false, Buffer, 0), 0u);
  EXPECT_EQ(unwindCfi(Here, Bounds, false, Buffer, 1), 1u);
  EXPECT_EQ(unwindCfi(Here, Bounds, false, Buffer, 3), 3u);
  EXPECT_EQ(Buffer[0], Here.Pc);
  EXPECT_EQ(Buffer[3], 77u);
}

TEST(UnwindCfi, GivesTheSameAfterAFlush) {
  const FrameRegisters Here = captureHere();
  const Pcs Before = cfiStack(Here);
  cfiCacheFlush();
  EXPECT_EQ(cfiStack(Here), Before);
  EXPECT_EQ(cfiStack(Here), Before);
}

TEST(UnwindCfi, StaysRightWhileThreadsFillAndFlushTheCache) {
  std::atomic<bool> Stop{false};
  std::atomic<unsigned> Walks{0};
  const auto Hammer = [&] {
    while (!Stop) {
      const FrameRegisters Here = captureHere();
      descend<20>([] {
        const Observation O = observe();
        ASSERT_GT(O.Ours.size(), 20u);
        O.expectEqual();
      });
      if (cfiStack(Here).size() < 3)
        Stop = true;
      ++Walks;
    }
  };
  std::vector<std::thread> Threads;
  for (unsigned I = 0; I != 4; ++I)
    Threads.emplace_back(Hammer);
  while (Walks < 4000 && !Stop)
    cfiCacheFlush();
  EXPECT_FALSE(Stop);
  Stop = true;
  for (std::thread &T : Threads)
    T.join();
}

// Signals.

class SignalHandler {
public:
  SignalHandler(int Number, void (*Handler)(int, siginfo_t *, void *),
                int Flags)
      : Number(Number) {
    struct sigaction Action = {};
    Action.sa_sigaction = Handler;
    Action.sa_flags = SA_SIGINFO | Flags;
    sigaction(Number, &Action, &Old);
  }
  ~SignalHandler() { sigaction(Number, &Old, nullptr); }

private:
  int Number;
  struct sigaction Old;
};

class AlternateStack {
public:
  AlternateStack() : Memory(Size) {
    const stack_t New = {Memory.data(), 0, Size};
    sigaltstack(&New, &Old);
  }
  ~AlternateStack() { sigaltstack(&Old, nullptr); }

private:
  static constexpr size_t Size = 256 << 10;
  std::vector<char> Memory;
  stack_t Old;
};

void observeSignal(int, siginfo_t *, void *) { Observed = observe(); }

/// `Observed`, in which the interrupted frame is given as a return address.
void expectSignalStack() {
  unsigned Interrupted = 0;
  for (uintptr_t &Pc : Observed.Ours)
    if (std::find(Observed.Reference.begin(), Observed.Reference.end(),
                  Pc - arch::Frames.CallLength) != Observed.Reference.end()) {
      Pc -= arch::Frames.CallLength;
      ++Interrupted;
    }
  EXPECT_EQ(Interrupted, 1u);
  Observed.expectEqual();
}

TEST(UnwindCfi, AgreesThroughSignalFrames) {
  const SignalHandler Handler(SIGUSR1, observeSignal, 0);
  descend<5>([] { raise(SIGUSR1); });
  expectSignalStack();
}

TEST(UnwindCfi, AgreesThroughTheAlternateStack) {
  const AlternateStack Stack;
  const SignalHandler Handler(SIGUSR1, observeSignal, SA_ONSTACK);
  descend<5>([] { raise(SIGUSR1); });
  expectSignalStack();
}

// Faults.

sigjmp_buf AfterFault;
uintptr_t FaultPcs[MaxFrames];
unsigned FaultCount;
/// Where the function that causes the fault was called from.
volatile uintptr_t FaultCaller;

void onFault(int, siginfo_t *, void *Context) {
  const FrameRegisters Start = arch::registersOf(Context);
  FaultCount = unwindCfi(Start, stackBounds(Start.Sp), /*StartIsFault=*/true,
                         FaultPcs, MaxFrames);
  siglongjmp(AfterFault, 1);
}

/// The stack at the fault that `Cause` raises.
template <typename F> NOINLINE Pcs stackOfFault(F Cause) {
  const AlternateStack Stack;
  const SignalHandler Segv(SIGSEGV, onFault, SA_ONSTACK);
  const SignalHandler Bus(SIGBUS, onFault, SA_ONSTACK);
  FaultCount = 0;
  if (sigsetjmp(AfterFault, /*savesigs=*/1) == 0)
    Cause();
  return Pcs(FaultPcs, FaultPcs + FaultCount);
}

/// Memory that cannot be accessed.
char *forbiddenMemory() {
  static void *const Memory =
      mmap(nullptr, 4 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return static_cast<char *>(Memory);
}

/// libc's own function, not a sanitizer's wrapper.
template <typename T> T *fromLibc(const char *Name) {
  static void *const Libc = dlopen("libc.so.6", RTLD_LAZY);
  return reinterpret_cast<T *>(dlsym(Libc, Name));
}

UNCHECKED void callStrlen() {
  FaultCaller = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  Sink = fromLibc<size_t(const char *)>("strlen")(forbiddenMemory());
}

TEST(UnwindCfi, StartsInStrlen) {
  const Pcs Stack = stackOfFault(callStrlen);
  ASSERT_GT(Stack.size(), 2u);
  EXPECT_LT(Stack[1] - reinterpret_cast<uintptr_t>(&callStrlen), 1000u);
  EXPECT_EQ(Stack[2], FaultCaller);
}

UNCHECKED void callMemcpy(bool IsRead, size_t Size) {
  static char Buffer[3 << 20];
  FaultCaller = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  const auto Copy = fromLibc<void *(void *, const void *, size_t)>("memcpy");
  Copy(IsRead ? Buffer : forbiddenMemory(), IsRead ? forbiddenMemory() : Buffer,
       Size);
  Sink = Size;
}

TEST(UnwindCfi, StartsInMemcpyOfAnySize) {
  for (size_t Size = 1; Size <= (3 << 20); Size = Size * 3 / 2 + 1)
    for (const bool IsRead : {false, true}) {
      const Pcs Stack = stackOfFault([=] { callMemcpy(IsRead, Size); });
      ASSERT_GT(Stack.size(), 2u) << Size;
      EXPECT_EQ(Stack[2], FaultCaller) << Size;
    }
}

NOINLINE int leafThatReads(const volatile int *Where) { return *Where; }

UNCHECKED void callLeaf() {
  FaultCaller = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  Sink = static_cast<uintptr_t>(
      leafThatReads(reinterpret_cast<int *>(forbiddenMemory())));
}

TEST(UnwindCfi, StartsInALeafFunction) {
  const Pcs Stack = stackOfFault(callLeaf);
  ASSERT_GT(Stack.size(), 2u);
  EXPECT_EQ(Stack[2], FaultCaller);
}

UNCHECKED void callAddress(uintptr_t Address) {
  FaultCaller = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  reinterpret_cast<void (*)()>(Address)();
  Sink = Address;
}

TEST(UnwindCfi, StartsAtAWildCall) {
  for (const uintptr_t Address :
       {uintptr_t(0), reinterpret_cast<uintptr_t>(forbiddenMemory())}) {
    const Pcs Stack = stackOfFault([=] { callAddress(Address); });
    ASSERT_GT(Stack.size(), 2u);
    EXPECT_EQ(Stack[0], Address);
    EXPECT_LT(Stack[1] - reinterpret_cast<uintptr_t>(&callAddress), 1000u);
    EXPECT_EQ(Stack[2], FaultCaller);
  }
}

NOINLINE void overflowStack(unsigned Depth) {
  volatile char Buffer[200];
  Buffer[0] = 1;
  if (Depth != 0)
    overflowStack(Depth + 1);
  Sink = static_cast<uintptr_t>(Buffer[0]);
}

TEST(UnwindCfi, StartsWhereTheStackOverflowed) {
  pthread_attr_t Attributes;
  pthread_attr_init(&Attributes);
  pthread_attr_setstacksize(&Attributes, 1 << 20);
  pthread_t Thread;
  const auto Body = [](void *) -> void * {
    const Pcs Stack = stackOfFault([] { overflowStack(1); });
    EXPECT_EQ(Stack.size(), MaxFrames);
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&Thread, &Attributes, Body, nullptr), 0);
  pthread_join(Thread, nullptr);
  pthread_attr_destroy(&Attributes);
}

// Code and stacks that nobody describes.

/// A function without call frame information that keeps a frame pointer and
/// calls its argument.
void *generatedCode() {
#if defined(__x86_64__)
  const uint8_t Code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
#else
  const uint32_t Code[] = {0xa9bf7bfd, 0x910003fd, 0xd63f0000, 0xa8c17bfd,
                           0xd65f03c0};
#endif
  void *Memory = mmap(nullptr, Page, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(Memory, Code, sizeof(Code));
  __builtin___clear_cache(static_cast<char *>(Memory),
                          static_cast<char *>(Memory) + sizeof(Code));
  return Memory;
}

UNCHECKED void callGenerated(void *Code) {
  FaultCaller = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  reinterpret_cast<void (*)(void (*)())>(Code)([] { Observed = observe(); });
  Sink = 1;
}

TEST(UnwindCfi, UsesTheFramePointerWhereThereIsNoInformation) {
  void *Code = generatedCode();
  callGenerated(Code);
  const Pcs &Ours = Observed.Ours;
  const auto Caller =
      std::find(Ours.begin(), Ours.end(), uintptr_t(FaultCaller));
  ASSERT_GT(Caller - Ours.begin(), 2);
  EXPECT_LT(Caller[-1] - reinterpret_cast<uintptr_t>(&callGenerated), 1000u);
  EXPECT_LT(Caller[-2] - reinterpret_cast<uintptr_t>(Code), Page);
  munmap(Code, Page);
}

/// Memory of `Pages` pages with unreadable memory on both sides.
class GuardedMemory {
public:
  explicit GuardedMemory(size_t Pages) : Size(Pages * Page) {
    Map = static_cast<char *>(mmap(nullptr, Size + 2 * Page, PROT_NONE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(begin(), Size, PROT_READ | PROT_WRITE);
  }
  ~GuardedMemory() { munmap(Map, Size + 2 * Page); }

  char *begin() const { return Map + Page; }
  char *end() const { return begin() + Size; }
  size_t size() const { return Size; }

private:
  size_t Size;
  char *Map;
};

ucontext_t MainContext, FiberContext;

void runFiberOn(GuardedMemory &Stack) {
  getcontext(&FiberContext);
  FiberContext.uc_stack.ss_sp = Stack.begin();
  FiberContext.uc_stack.ss_size = Stack.size();
  FiberContext.uc_link = &MainContext;
  void (*Body)() = [] {
    descend<3>([] { Observed = observe(); });
    EXPECT_TRUE(stackBounds(stackPointer()).NeedsProbe);
  };
  makecontext(&FiberContext, Body, 0);
  swapcontext(&MainContext, &FiberContext);
}

TEST(UnwindCfi, AgreesOnFibers) {
  GuardedMemory Stack(64);
  runFiberOn(Stack);
  Observed.expectEqual();
  // Also where the fiber's stack may be right below the thread's.
  std::thread([&] { runFiberOn(Stack); }).join();
  Observed.expectEqual();
}

TEST(UnwindCfi, SurvivesGarbageOnTheStack) {
  const GuardedMemory Stack(2);
  const auto Low = reinterpret_cast<uintptr_t>(Stack.begin());
  const auto High = reinterpret_cast<uintptr_t>(Stack.end());
  const auto Code = reinterpret_cast<uintptr_t>(&withVariableFrame);
  const auto LibcCode = reinterpret_cast<uintptr_t>(fromLibc<void()>("qsort"));
  std::mt19937_64 Random(1);
  const auto Word = [&]() -> uintptr_t {
    switch (Random() % 6) {
    case 0:
      return Low - 64 + Random() % (Stack.size() + 128);
    case 1:
    case 2:
      return (Low + Random() % Stack.size()) & ~uintptr_t(7);
    case 3:
      return Code + Random() % 4096;
    case 4:
      return LibcCode + Random() % 65536;
    }
    return Random();
  };
  uintptr_t Buffer[MaxFrames];
  for (unsigned I = 0; I != 20000; ++I) {
    for (uintptr_t At = Low + Random() % 2 * Page; At < High; At += 8) {
      const uintptr_t Value = Word();
      memcpy(reinterpret_cast<void *>(At), &Value, sizeof(Value));
      At += Random() % 8 * 8;
    }
    const FrameRegisters Start = {Word(), Word(), Word(), 0};
    const bool IsFault = Random() % 2 == 0;
    EXPECT_GE(
        unwindCfi(Start, stackBounds(Start.Sp), IsFault, Buffer, MaxFrames),
        1u);
    const StackBounds Known = {std::clamp(Start.Sp & ~uintptr_t(7), Low, High),
                               High, /*NeedsProbe=*/false};
    EXPECT_GE(unwindCfi(Start, Known, IsFault, Buffer, MaxFrames), 1u);
    EXPECT_GE(unwindFramePointers(Start, Known, Buffer, MaxFrames), 1u);
  }
}

// Frame pointers.

/// A made-up stack of 16 words; frame records by index.
class FakeStack {
public:
  uintptr_t Words[16] = {};

  uintptr_t at(unsigned Index) const {
    return reinterpret_cast<uintptr_t>(&Words[Index]);
  }
  void record(unsigned Index, uintptr_t CallerFp, uintptr_t Pc) {
    Words[Index] = CallerFp;
    Words[Index + 1] = Pc;
  }
  Pcs walk(uintptr_t Fp, unsigned Sp = 0) const {
    uintptr_t Buffer[16];
    const unsigned Count = unwindFramePointers(
        {1000, at(Sp), Fp, 0}, {at(0), at(16), false}, Buffer, 16);
    return Pcs(Buffer, Buffer + Count);
  }
};

TEST(UnwindFramePointers, FollowsTheChainToItsEnd) {
  FakeStack S;
  S.record(2, S.at(6), 1001);
  S.record(6, S.at(12), 1002);
  S.record(12, 0, 1003);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001, 1002, 1003}));
  S.record(12, S.at(14), 0);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001, 1002}));
}

TEST(UnwindFramePointers, StopsAtWhatIsNoFrame) {
  FakeStack S;
  EXPECT_EQ(S.walk(0), Pcs({1000}));
  EXPECT_EQ(S.walk(~uintptr_t(0) & ~uintptr_t(7)), Pcs({1000}));
  S.record(2, S.at(2), 1001);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001})) << "a loop";
  S.record(2, S.at(0), 1001);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001})) << "backwards";
  S.record(6, 0x0101010101010101, 0x0101010101010101);
  S.record(2, S.at(6) + 1, 1001);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001})) << "unaligned";
  S.record(2, S.at(15), 1001);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001})) << "half outside";
  S.record(2, S.at(16), 1001);
  EXPECT_EQ(S.walk(S.at(2)), Pcs({1000, 1001})) << "outside";
  EXPECT_EQ(S.walk(S.at(2), /*Sp=*/4), Pcs({1000})) << "below the stack";
}

// Stack bounds.

TEST(StackBounds, CoverTheThreadsStack) {
  const uintptr_t Sp = stackPointer();
  const StackBounds Bounds = stackBounds(Sp);
  EXPECT_FALSE(Bounds.NeedsProbe);
  EXPECT_LE(Bounds.Low, Sp);
  EXPECT_GT(Bounds.High, Sp);
}

NOINLINE void expectKnownBelow(size_t Size) {
  auto *Buffer = static_cast<volatile char *>(alloca(Size));
  for (size_t I = 0; I < Size; I += Page)
    Buffer[I] = 1;
  const auto Sp = reinterpret_cast<uintptr_t>(Buffer);
  // Looked at piece by piece.
  for (unsigned I = 0; I != 64 && stackBounds(Sp).NeedsProbe; ++I)
    ;
  EXPECT_FALSE(stackBounds(Sp).NeedsProbe);
}

TEST(StackBounds, GrowWithTheStack) { expectKnownBelow(4 << 20); }

TEST(StackBounds, DoNotTrustOtherMemory) {
  const GuardedMemory Memory(1);
  EXPECT_TRUE(
      stackBounds(reinterpret_cast<uintptr_t>(Memory.begin())).NeedsProbe);
  for (const uintptr_t Sp : {uintptr_t(0), uintptr_t(1), ~uintptr_t(0)}) {
    const StackBounds Bounds = stackBounds(Sp);
    EXPECT_TRUE(Bounds.NeedsProbe);
    EXPECT_LE(Bounds.Low, Bounds.High);
  }
}

TEST(StackBounds, KeepErrno) {
  errno = 77;
  const StackBounds Bounds = stackBounds(Page);
  uintptr_t Buffer[4];
  unwindFramePointers({1, Page, Page, 0}, Bounds, Buffer, 4);
  EXPECT_EQ(errno, 77);
}

} // namespace
