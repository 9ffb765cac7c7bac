// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a branch is opened or closed wrongly, what is not a branch is
// overwritten, or the branches of a site are not found.

#include "arch.h"
#include "branch.h"
#include "test_site.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace heapfence;

namespace {

/// A page of functions that return 0 while their branch is closed, and 1 while
/// it is open, each in 64 bytes.
class Code {
public:
  static constexpr size_t Count = 64, Stride = 64, SlowOffset = 32;

  Code() {
    // The records behind the code: not farther than they can tell.
    Memory =
        static_cast<uint8_t *>(mmap(nullptr, 2 * size(), PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    Records = reinterpret_cast<BranchRecord *>(Memory + size());
    for (size_t I = 0; I != Count; ++I) {
      const uint8_t Fast[] = {0x0f, 0x1f, 0x44, 0, 0, // nopl
                              0xb8, 0,    0,    0, 0, // mov $0, %eax
                              0xc3},                  // ret
          Slow[] = {0xb8, 1, 0, 0, 0, 0xc3};          // mov $1, %eax; ret
      uint8_t *At = Memory + I * Stride;
      memset(At, 0x90, Stride);
      memcpy(At + I % 4, Fast, sizeof(Fast));
      memcpy(At + SlowOffset, Slow, sizeof(Slow));
      refer(Records[I].Address, reinterpret_cast<char *>(At + I % 4));
      refer(Records[I].Slow, reinterpret_cast<char *>(At + SlowOffset));
    }
    mprotect(Memory, size(), PROT_READ | PROT_EXEC);
  }
  ~Code() { munmap(Memory, 2 * size()); }

  static size_t size() { return Count * Stride; }
  int call(size_t I) const {
    return reinterpret_cast<int (*)()>(Memory + I * Stride)();
  }
  LoadedSegment text() const {
    auto Begin = reinterpret_cast<uintptr_t>(Memory);
    return {Begin, Begin + size(), PROT_READ | PROT_EXEC};
  }
  /// As /proc/self/maps has it.
  std::string protection() const {
    std::ifstream Maps("/proc/self/maps");
    for (std::string Line; std::getline(Maps, Line);) {
      uintptr_t Begin = std::stoul(Line, nullptr, 16);
      uintptr_t End = std::stoul(Line.substr(Line.find('-') + 1), nullptr, 16);
      if (auto At = reinterpret_cast<uintptr_t>(Memory);
          At >= Begin && At < End)
        return Line.substr(Line.find(' ') + 1, 4);
    }
    return "";
  }

  uint8_t *Memory;
  BranchRecord *Records;
};

TEST(BranchWriter, OpensAndCloses) {
  ASSERT_EQ(BranchWriter::probe(), nullptr);
  Code C;
  auto Writer = std::make_unique<BranchWriter>();
  for (bool IsOpen : {true, true, false, false, true}) {
    for (size_t I = Code::Count; I-- != 0;) // Not in the order of the code.
      if (I % 3 == 0)
        Writer->add(C.Records[I], C.text(), IsOpen);
    Writer->flush();
    for (size_t I = 0; I != Code::Count; ++I)
      EXPECT_EQ(C.call(I), I % 3 == 0 && IsOpen) << I;
    EXPECT_EQ(C.protection(), "r-xp");
  }
  EXPECT_EQ(Writer->refusal(), nullptr);
}

TEST(BranchWriter, LeavesWhatIsNoBranch) {
  ASSERT_EQ(BranchWriter::probe(), nullptr);
  Code C;
  mprotect(C.Memory, Code::size(), PROT_READ | PROT_WRITE);
  C.Memory[0] = 0xcc; // A breakpoint.
  std::vector<uint8_t> Before(C.Memory, C.Memory + Code::Stride);
  mprotect(C.Memory, Code::size(), PROT_READ | PROT_EXEC);
  BranchWriter Writer;
  Writer.add(C.Records[0], C.text(), true);
  // Outside of the segment.
  LoadedSegment Half = C.text();
  Half.End = Half.Begin + Code::size() / 2;
  Writer.add(C.Records[Code::Count - 1], Half, true);
  Writer.flush();
  EXPECT_EQ(memcmp(C.Memory, Before.data(), Before.size()), 0);
  EXPECT_EQ(C.call(Code::Count - 1), 0);
}

TEST(BranchWriter, TellsWhatIsRefused) {
  Code C;
  LoadedSegment Text = C.text();
  munmap(C.Memory, Code::size());
  BranchWriter Writer;
  Writer.add(C.Records[0], Text, true);
  Writer.flush();
  EXPECT_STREQ(Writer.refusal(), "code may not be made writable (mprotect)");
}

TEST(BranchWriter, WritesUnderRunningThreads) {
  ASSERT_EQ(BranchWriter::probe(), nullptr);
  Code C;
  std::atomic<bool> IsDone = false;
  std::atomic<long> Wrong = 0, Calls = 0;
  std::vector<std::thread> Threads;
  for (int T = 0; T != 2; ++T)
    Threads.emplace_back([&] {
      for (size_t I = 0; !IsDone; ++I, ++Calls)
        if (int Got = C.call(I % Code::Count); Got != 0 && Got != 1)
          ++Wrong;
    });
  BranchWriter Writer;
  for (int I = 0; I != 2000; ++I) {
    for (size_t N = I % 5; N < Code::Count; N += 5)
      Writer.add(C.Records[N], C.text(), I / 5 % 2 == 0);
    Writer.flush();
  }
  IsDone = true;
  for (std::thread &T : Threads)
    T.join();
  EXPECT_EQ(Wrong, 0);
  EXPECT_GT(Calls, 2000);
}

// After `flush` no thread executes the old instruction any more.
TEST(BranchWriter, IsSeenByOtherThreads) {
  ASSERT_EQ(BranchWriter::probe(), nullptr);
  Code C;
  std::atomic<int> Turn = 0, Stale = 0;
  std::thread Other([&] {
    for (int Seen = 0; Seen != 2000;) {
      C.call(0); // Keeps it in the CPU's front end.
      if (Turn == Seen)
        continue;
      ++Seen;
      Stale += C.call(0) != Seen % 2;
      Turn = -Seen;
      while (Turn == -Seen)
        C.call(0);
    }
  });
  BranchWriter Writer;
  for (int I = 1; I <= 2000; ++I) {
    Writer.add(C.Records[0], C.text(), I % 2);
    Writer.flush();
    Turn = I;
    while (Turn != -I)
      cpuRelax();
    Turn = I;
  }
  Other.join();
  EXPECT_EQ(Stale, 0);
}

TEST(BranchTable, FindsTheBranchesOfASite) {
  static Site Sites[5];
  static BranchRecord Records[4];
  const int Of[4] = {3, 0, 3, 1};
  // In the program's own code, as those of a module are.
  auto *Here = reinterpret_cast<const char *>(&BranchWriter::probe);
  for (int I = 0; I != 4; ++I) {
    refer(Records[I].Where, &Sites[Of[I]]);
    refer(Records[I].Address, Here);
  }
  ModuleDescriptor M = {};
  M.SitesBegin = Sites, M.SitesEnd = Sites + 5;
  M.BranchesBegin = Records, M.BranchesEnd = Records + 4;
  BranchTable Table;
  EXPECT_TRUE(Table.isEmpty());
  ASSERT_TRUE(Table.init(M));
  ASSERT_FALSE(Table.isEmpty());
  EXPECT_EQ(Table.text().Protection, PROT_READ | PROT_EXEC);
  auto CountOf = [&](uint32_t I) {
    return Table.branches(I + 1) - Table.branches(I);
  };
  EXPECT_EQ(CountOf(0), 1);
  EXPECT_EQ(CountOf(1), 1);
  EXPECT_EQ(CountOf(2), 0);
  EXPECT_EQ(CountOf(3), 2);
  EXPECT_EQ(CountOf(4), 0);
  EXPECT_EQ(Table.branches(0)[0], &Records[1]);
  EXPECT_EQ(Table.branches(3)[0], &Records[0]);
  EXPECT_EQ(Table.branches(3)[1], &Records[2]);
  Table.clear();
  EXPECT_TRUE(Table.isEmpty());
}

} // namespace
