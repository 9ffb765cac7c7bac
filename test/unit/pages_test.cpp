// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, closed pages do not fault, opened ones hold what somebody
// left there, or the runtime believes in guard markers that do nothing.

#include "arch.h"
#include "child.h"
#include "pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <vector>

using namespace heapfence;

namespace {

constexpr int Sentinel = 77; ///< A value of errno that nothing here sets.
constexpr unsigned GuardInstall = 102, GuardRemove = 103;

uintptr_t address(const void *P) { return reinterpret_cast<uintptr_t>(P); }
char *bytes(uintptr_t Address) { return reinterpret_cast<char *>(Address); }

size_t pageSize() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

/// Memory of its own for a test.
class Mapping {
public:
  explicit Mapping(size_t Pages, int Protection = PROT_READ | PROT_WRITE)
      : Size(Pages * pageSize()),
        Whole(mmap(nullptr, Size, Protection, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                   0)) {
    EXPECT_NE(Whole, MAP_FAILED);
  }
  ~Mapping() { munmap(Whole, Size); }
  uintptr_t page(size_t N) const { return address(Whole) + N * pageSize(); }

private:
  size_t Size;
  void *Whole;
};

bool kernelHasMarkers() {
  Mapping M(1);
  return madvise(bytes(M.page(0)), pageSize(), GuardInstall) == 0 &&
         !isReadable(M.page(0));
}

TEST(IsReadable, TellsMappedFromUnmapped) {
  static const char Constant = 'c';
  char Local = 'l';
  Mapping M(3);
  *bytes(M.page(0)) = 1;
  ASSERT_EQ(mprotect(bytes(M.page(1)), pageSize(), PROT_NONE), 0);
  ASSERT_EQ(mprotect(bytes(M.page(2)), pageSize(), PROT_READ), 0);
  struct {
    const char *What;
    uintptr_t Address;
    bool IsReadable;
  } Cases[] = {
      {"stack", address(&Local), true},
      {"constant", address(&Constant), true},
      {"text", reinterpret_cast<uintptr_t>(&isReadable), true},
      {"written page", M.page(0), true},
      {"its last byte", M.page(1) - 1, true},
      {"PROT_NONE", M.page(1), false},
      {"PROT_NONE, last byte", M.page(2) - 1, false},
      {"read-only, never touched", M.page(2), true},
      {"null", 0, false},
      {"null + 1", 1, false},
      {"null + 7", 7, false},
      {"null + 8", 8, false},
      {"kernel", uintptr_t(1) << 63, false},
      {"not canonical", uintptr_t(1) << 56, false},
      {"last byte of all", ~uintptr_t(0), false},
  };
  for (auto &C : Cases) {
    errno = Sentinel;
    EXPECT_EQ(isReadable(C.Address), C.IsReadable) << C.What;
    EXPECT_EQ(errno, Sentinel) << C.What;
  }
}

TEST(IsReadable, UnmappedAgain) {
  uintptr_t Gone;
  {
    Mapping M(1);
    Gone = M.page(0);
    EXPECT_TRUE(isReadable(Gone));
  }
  EXPECT_FALSE(isReadable(Gone));
}

TEST(IsReadable, NotBehindTheEndOfAFile) {
  char Name[] = "/tmp/heapfence-pages-XXXXXX";
  const int Fd = mkstemp(Name);
  ASSERT_GE(Fd, 0);
  unlink(Name);
  void *P = mmap(nullptr, pageSize(), PROT_READ, MAP_SHARED, Fd, 0);
  ASSERT_NE(P, MAP_FAILED);
  EXPECT_FALSE(isReadable(address(P))) << "reading it is a SIGBUS";
  munmap(P, pageSize());
  close(Fd);
}

TEST(IsReadable, LeavesTheSignalMask) {
  // Memory that would be a valid signal set, all ones and all zeros.
  for (unsigned long Bits : {0ul, ~0ul}) {
    sigset_t Before, After;
    pthread_sigmask(SIG_BLOCK, nullptr, &Before);
    EXPECT_TRUE(isReadable(address(&Bits)));
    pthread_sigmask(SIG_BLOCK, nullptr, &After);
    for (int Signal = 1; Signal != NSIG; ++Signal)
      EXPECT_EQ(sigismember(&Before, Signal), sigismember(&After, Signal));
  }
}

/// Bytes of address space in use.
size_t addressSpace() {
  size_t Pages = 0;
  std::ifstream("/proc/self/statm") >> Pages;
  return Pages * pageSize();
}

TEST(Reserve, AlignedClosedAndApart) {
  for (unsigned Log2 : {21u, 24u, 30u}) {
    const size_t Size = size_t(1) << Log2;
    const size_t Before = addressSpace();
    std::vector<uintptr_t> Got;
    // The same draw each time: at first the places beside it are tried, and
    // when those are taken, any.
    for (int I = 0; I != 12; ++I) {
      Pages P;
      errno = Sentinel;
      const uintptr_t Base = P.reserve(Size, /*Random=*/12345);
      EXPECT_EQ(errno, Sentinel);
      ASSERT_NE(Base, 0u);
      EXPECT_EQ(Base % Size, 0u);
      EXPECT_EQ(Base & arch::OutsideBit, 0u);
      EXPECT_EQ(Base & arch::InsideBit, arch::InsideBit);
      EXPECT_EQ(P.pageSize(), pageSize());
      for (uintptr_t A : {Base, Base + Size / 2, Base + Size - 1})
        EXPECT_FALSE(isReadable(A));
      Got.push_back(Base);
    }
    EXPECT_NEAR(double(addressSpace() - Before), 12.0 * double(Size),
                1024.0 * 1024)
        << "and nothing else is taken";
    std::sort(Got.begin(), Got.end());
    EXPECT_EQ(std::unique(Got.begin(), Got.end()), Got.end());
    for (uintptr_t Base : Got)
      EXPECT_EQ(munmap(bytes(Base), Size), 0);
  }
}

TEST(Reserve, AnotherPlaceForAnotherDraw) {
  constexpr size_t Size = 1 << 30;
  std::set<uintptr_t> Got;
  for (uint64_t Random = 1; Random != 17; ++Random) {
    Pages P;
    const uintptr_t Base = P.reserve(Size, Random * 0x9e3779b97f4a7c15);
    ASSERT_NE(Base, 0u);
    Got.insert(Base);
    munmap(bytes(Base), Size); // Free for the next to take.
  }
  EXPECT_GT(Got.size(), 4u) << "some may find their place taken";
}

TEST(Reserve, WithOpenPagesBefore) {
  constexpr size_t Size = 1 << 30;
  const size_t Before = 3 * pageSize();
  Pages P;
  const uintptr_t Base = P.reserve(Size, /*Random=*/4711, Before);
  ASSERT_NE(Base, 0u);
  EXPECT_EQ(Base % Size, 0u);
  memset(bytes(Base - Before), 1, Before);
  EXPECT_FALSE(isReadable(Base - Before - 1));
  for (uintptr_t A : {Base, Base + Size - 1})
    EXPECT_FALSE(isReadable(A));
  EXPECT_EQ(munmap(bytes(Base - Before), Before + Size), 0);
}

TEST(Reserve, TellsThatThereIsNoRoom) {
  expectChildPasses([] {
    const rlimit Little = {1 << 20, 1 << 20};
    CHILD_CHECK(setrlimit(RLIMIT_AS, &Little) == 0);
    Pages P;
    errno = Sentinel;
    CHILD_CHECK(P.reserve(1 << 30, 1) == 0);
    CHILD_CHECK(errno == Sentinel);
  });
}

/// Both ways to close a page.
class PagesTest : public testing::TestWithParam<GuardMode> {
protected:
  static constexpr size_t Size = 1 << 21;

  void SetUp() override {
    if (GetParam() == GuardMode::Markers && !kernelHasMarkers())
      GTEST_SKIP() << "this kernel has no guard markers";
    Base = P.reserve(Size, /*Random=*/99);
    ASSERT_NE(Base, 0u);
    ASSERT_TRUE(P.choose(GetParam(), Base));
    ASSERT_TRUE(P.prepare(Base, Size));
  }
  ~PagesTest() override {
    if (Base)
      munmap(bytes(Base), Size);
  }

  uintptr_t page(size_t N) const { return Base + N * pageSize(); }

  /// Runs `Call`, which preserves errno.
  template <typename F> static bool kept(F Call) {
    errno = Sentinel;
    const bool Result = Call();
    EXPECT_EQ(errno, Sentinel);
    return Result;
  }
  bool open(size_t First, size_t Count = 1) {
    return kept([&] { return P.open(page(First), Count * pageSize()); });
  }
  bool close(size_t First, size_t Count = 1) {
    return kept([&] { return P.close(page(First), Count * pageSize()); });
  }

  void expectZeroAndFill(size_t First, size_t Count = 1) {
    char *Begin = bytes(page(First)), *End = bytes(page(First + Count));
    EXPECT_TRUE(std::all_of(Begin, End, [](char C) { return C == 0; }));
    memset(Begin, 0xa5, static_cast<size_t>(End - Begin));
  }

  Pages P;
  uintptr_t Base = 0;
};

TEST_P(PagesTest, ChoosesWhatWasAskedFor) {
  EXPECT_EQ(P.usesMarkers(), GetParam() == GuardMode::Markers);
}

TEST_P(PagesTest, PreparedPagesStayClosed) {
  for (size_t N = 0; N != Size / pageSize(); ++N)
    ASSERT_FALSE(isReadable(page(N))) << N;
}

TEST_P(PagesTest, AnOpenedPageIsZeroAndItsNeighboursAreClosed) {
  ASSERT_TRUE(open(5));
  expectZeroAndFill(5);
  EXPECT_FALSE(isReadable(page(5) - 1));
  EXPECT_TRUE(isReadable(page(5)));
  EXPECT_TRUE(isReadable(page(6) - 1));
  EXPECT_FALSE(isReadable(page(6)));
}

TEST_P(PagesTest, AClosedPageIsZeroWhenItOpensAgain) {
  for (size_t Count : {1, 2, 16})
    for (int Round = 0; Round != 4; ++Round) {
      ASSERT_TRUE(open(3, Count));
      expectZeroAndFill(3, Count);
      ASSERT_TRUE(close(3, Count));
      for (size_t N = 0; N != Count; ++N)
        EXPECT_FALSE(isReadable(page(3 + N)));
    }
}

TEST_P(PagesTest, PartsOfARange) {
  ASSERT_TRUE(open(8, 4));
  expectZeroAndFill(8, 4);
  ASSERT_TRUE(close(9, 2));
  EXPECT_EQ(*bytes(page(8)), char(0xa5));
  EXPECT_FALSE(isReadable(page(9)));
  EXPECT_FALSE(isReadable(page(10)));
  EXPECT_EQ(*bytes(page(11)), char(0xa5));
  ASSERT_TRUE(open(10));
  EXPECT_FALSE(isReadable(page(9)));
  expectZeroAndFill(10);
}

TEST_P(PagesTest, OpeningAnOpenPageKeepsItsContents) {
  ASSERT_TRUE(open(4));
  expectZeroAndFill(4);
  ASSERT_TRUE(open(4));
  EXPECT_EQ(*bytes(page(4)), char(0xa5));
  ASSERT_TRUE(close(4));
  ASSERT_TRUE(close(4)) << "nor does closing a closed one fail";
  EXPECT_FALSE(isReadable(page(4)));
}

TEST_P(PagesTest, PreparingClosesAndEmptiesWhatWasOpen) {
  ASSERT_TRUE(open(7));
  expectZeroAndFill(7);
  ASSERT_TRUE(kept([&] { return P.prepare(Base, Size); }));
  EXPECT_FALSE(isReadable(page(7)));
  ASSERT_TRUE(open(7));
  expectZeroAndFill(7);
}

TEST_P(PagesTest, ReadsAndWritesOfAClosedPageFault) {
  ASSERT_TRUE(open(1));
  ASSERT_TRUE(close(1));
  volatile char *const Closed = bytes(page(1));
  const int Read = statusOfChild([=] { (void)*Closed; });
  EXPECT_TRUE(WIFSIGNALED(Read) && WTERMSIG(Read) == SIGSEGV);
  const int Write = statusOfChild([=] { *Closed = 1; });
  EXPECT_TRUE(WIFSIGNALED(Write) && WTERMSIG(Write) == SIGSEGV);
}

TEST_P(PagesTest, ClosedInAChildToo) {
  ASSERT_TRUE(open(1, 3));
  expectZeroAndFill(1, 3);
  ASSERT_TRUE(close(2));
  expectChildPasses([&] {
    CHILD_CHECK(isReadable(page(1)) && !isReadable(page(2)));
    CHILD_CHECK(open(2) && *bytes(page(2)) == 0);
    CHILD_CHECK(close(1) && !isReadable(page(1)));
  });
  EXPECT_TRUE(isReadable(page(1)));
}

TEST_P(PagesTest, LockedMemoryIsClosedAndEmptied) {
  ASSERT_TRUE(open(2));
  if (mlock(bytes(page(2)), pageSize()))
    GTEST_SKIP() << "no memory may be locked here";
  expectZeroAndFill(2);
  ASSERT_TRUE(close(2));
  EXPECT_FALSE(isReadable(page(2)));
  ASSERT_TRUE(open(2));
  expectZeroAndFill(2);
}

TEST_P(PagesTest, TellsThatTheSystemRefused) {
  ASSERT_EQ(munmap(bytes(page(20)), 2 * pageSize()), 0);
  EXPECT_FALSE(open(20));
  EXPECT_FALSE(close(20));
  EXPECT_FALSE(kept([&] { return P.close(page(20), 2 * pageSize()); }));
  EXPECT_TRUE(open(19)) << "others are not concerned";
}

INSTANTIATE_TEST_SUITE_P(Modes, PagesTest,
                         testing::Values(GuardMode::Markers,
                                         GuardMode::Mprotect),
                         [](const auto &Info) {
                           return Info.param == GuardMode::Markers ? "Markers"
                                                                   : "Mprotect";
                         });

TEST(ChoosePages, AutoTakesMarkersWhereTheyWork) {
  Pages P;
  const uintptr_t Base = P.reserve(1 << 21, 7);
  ASSERT_NE(Base, 0u);
  ASSERT_TRUE(P.choose(GuardMode::Auto, Base));
  EXPECT_EQ(P.usesMarkers(), kernelHasMarkers());
  munmap(bytes(Base), 1 << 21);
}

/// Chooses in a process whose kernel answers guard markers with `Error`, or
/// with success but without effect if it is 0.
void expectMprotectWithout(unsigned Advice, unsigned Error) {
  SCOPED_TRACE(testing::Message() << Advice << ": error " << Error);
  expectChildPasses([=] {
    if (!refuseSystemCall(SYS_madvise, 2, Advice, Error))
      _exit(0);
    Pages P;
    const uintptr_t Base = P.reserve(1 << 21, 7);
    CHILD_CHECK(Base);
    CHILD_CHECK(!P.choose(GuardMode::Markers, Base));
    errno = Sentinel;
    CHILD_CHECK(P.choose(GuardMode::Auto, Base) && errno == Sentinel);
    CHILD_CHECK(!P.usesMarkers());
    CHILD_CHECK(!isReadable(Base) && !isReadable(Base + pageSize()));
    CHILD_CHECK(P.prepare(Base, 1 << 21) && P.open(Base, pageSize()));
    *bytes(Base) = 1;
    CHILD_CHECK(P.close(Base, pageSize()) && !isReadable(Base));
    CHILD_CHECK(P.open(Base, pageSize()) && *bytes(Base) == 0);
  });
}

TEST(ChoosePages, MprotectWhereMarkersAreRefused) {
  for (unsigned Error : {EINVAL, EPERM, ENOSYS})
    for (unsigned Advice : {GuardInstall, GuardRemove})
      expectMprotectWithout(Advice, Error);
}

TEST(ChoosePages, MprotectWhereMarkersDoNothing) {
  expectMprotectWithout(GuardInstall, 0);
  expectMprotectWithout(GuardRemove, 0);
}

TEST(ChoosePages, TheMemoryThatCannotBeGivenBackIsEmptied) {
  expectChildPasses([] {
    Pages P;
    const uintptr_t Base = P.reserve(1 << 21, 7);
    CHILD_CHECK(Base && P.choose(GuardMode::Mprotect, Base));
    CHILD_CHECK(P.prepare(Base, 1 << 21) && P.open(Base, pageSize()));
    memset(bytes(Base), 0xa5, pageSize());
    if (!refuseSystemCall(SYS_madvise, 2, MADV_DONTNEED, EINVAL))
      _exit(0);
    CHILD_CHECK(P.close(Base, pageSize()) && !isReadable(Base));
    CHILD_CHECK(P.open(Base, pageSize()));
    for (size_t I = 0; I != pageSize(); ++I)
      CHILD_CHECK(bytes(Base)[I] == 0);
  });
}

} // namespace
