// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, a free of what no allocator gave is taken for a right one, or
// a right one for an error.

#include "mappings.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace heapfence;

namespace {

uintptr_t addressOf(const void *P) { return reinterpret_cast<uintptr_t>(P); }

TEST(Mappings, Lines) {
  struct {
    const char *Text;
    uintptr_t Begin, End;
    Mapped Kind;
  } Cases[] = {
      {"7f1000000000-7f1000021000 rw-p 00000000 00:00 0 ", 0x7f1000000000,
       0x7f1000021000, Mapped::MayBeHeap},
      {"7f1000000000-7f1000021000 ---p 00000000 00:00 0", 0x7f1000000000,
       0x7f1000021000, Mapped::Closed},
      {"55d0-66e1 rw-p 00000000 00:00 0                          [heap]",
       0x55d0, 0x66e1, Mapped::MayBeHeap},
      {"10-20 rw-p 0 00:00 0 [anon:glibc malloc]", 0x10, 0x20,
       Mapped::MayBeHeap},
      {"10-20 rw-s 0 00:01 42 /memfd:arena (deleted)", 0x10, 0x20,
       Mapped::MayBeHeap},
      {"10-20 rw-s 0 00:01 42 /dev/zero (deleted)", 0x10, 0x20,
       Mapped::MayBeHeap},
      {"10-20 rw-s 0 00:01 42 /dev/shm/arena", 0x10, 0x20, Mapped::MayBeHeap},
      {"10-20 rw-p 0 00:0f 7 /anon_hugepage (deleted)", 0x10, 0x20,
       Mapped::MayBeHeap},
      {"10-20 r--p 0 fe:01 42 /usr/lib/x86_64-linux-gnu/libc.so.6", 0x10, 0x20,
       Mapped::File},
      {"10-20 rw-s 0 fe:01 42 /home/user/with blanks", 0x10, 0x20,
       Mapped::File},
      {"10-20 r-xp 0 00:00 0 [vdso]", 0x10, 0x20, Mapped::File},
      {"ffffffffff600000-ffffffffff601000 --xp 0 00:00 0 [vsyscall]",
       0xffffffffff600000, 0xffffffffff601000, Mapped::File},
      {"10-20 rw-p 0 00:00 0 [stack]", 0x10, 0x20, Mapped::Stack}};
  for (auto &C : Cases) {
    MapsLine L;
    ASSERT_TRUE(parseMapsLine(C.Text, strlen(C.Text), L)) << C.Text;
    EXPECT_EQ(L.Begin, C.Begin);
    EXPECT_EQ(L.End, C.End);
    EXPECT_EQ(L.Kind, C.Kind) << C.Text;
  }
}

TEST(Mappings, WhatIsNoLine) {
  for (const char *Text :
       {"", "-", "10", "10-", "10-20", "-20 rw-p 0 00:00 0", "20-10 rw-p 0 0 0",
        "10-10 rw-p 0 0 0", "10-20rw-p 0 0 0", "xyz", "10-20 rw-p"}) {
    MapsLine L;
    EXPECT_FALSE(parseMapsLine(Text, strlen(Text), L)) << Text;
  }
}

/// No byte behind the text is read: each line cut anywhere, in memory of its
/// own for a sanitizer to watch.
TEST(Mappings, LinesThatAreCut) {
  const std::string Line = "7f1000-7f2000 rw-p 00000000 fe:01 1234 /lib/x.so";
  for (size_t Size = 0; Size != Line.size(); ++Size) {
    std::vector<char> Text(Line.begin(), Line.begin() + long(Size));
    MapsLine L;
    if (parseMapsLine(Text.data(), Text.size(), L)) {
      EXPECT_EQ(L.Begin, 0x7f1000u);
    }
  }
}

TEST(Mappings, OfThisProcess) {
  const size_t Page = size_t(sysconf(_SC_PAGESIZE));
  int Local = 0;
  // The main thread's: this test may run in another one.
  EXPECT_EQ(mappedAt(addressOf(&environ)), Mapped::MayBeHeap) << ".bss";
  EXPECT_NE(mappedAt(addressOf(&Local)), Mapped::Nothing);
  EXPECT_EQ(mappedAt(addressOf(reinterpret_cast<void *>(&mappedAt))),
            Mapped::File);
  EXPECT_EQ(mappedAt(16), Mapped::Nothing);
  std::vector<void *> Objects;
  for (size_t Size = 1; Size < 100 << 20; Size *= 3) {
    Objects.push_back(malloc(Size));
    EXPECT_EQ(mappedAt(addressOf(Objects.back())), Mapped::MayBeHeap) << Size;
  }
  for (void *P : Objects)
    free(P);
  FILE *F = tmpfile();
  ASSERT_EQ(ftruncate(fileno(F), long(2 * Page)), 0);
  void *File = mmap(nullptr, 2 * Page, PROT_READ, MAP_SHARED, fileno(F), 0);
  ASSERT_NE(File, MAP_FAILED);
  EXPECT_EQ(mappedAt(addressOf(File)), Mapped::File);
  EXPECT_EQ(mappedAt(addressOf(File) + 2 * Page - 1), Mapped::File);
  munmap(File, 2 * Page);
  EXPECT_EQ(mappedAt(addressOf(File)), Mapped::Nothing);
  fclose(F);
}

TEST(Mappings, ManyThreadsAndMappings) {
  // More separate ranges than are remembered.
  const size_t Page = size_t(sysconf(_SC_PAGESIZE));
  char *Block = static_cast<char *>(mmap(nullptr, 1000 * Page, PROT_READ,
                                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(static_cast<void *>(Block), MAP_FAILED);
  for (int I = 1; I < 1000; I += 2)
    munmap(Block + I * long(Page), Page);
  std::vector<std::thread> Threads;
  for (int T = 0; T != 4; ++T)
    Threads.emplace_back([&, T] {
      errno = 77;
      for (int I = T * 2; I < 1000; I += 16) {
        EXPECT_EQ(mappedAt(addressOf(Block + I * long(Page))),
                  Mapped::MayBeHeap);
        void *P = malloc(size_t(100) << I % 12);
        EXPECT_EQ(mappedAt(addressOf(P)), Mapped::MayBeHeap);
        free(P);
      }
      EXPECT_EQ(errno, 77);
    });
  for (std::thread &T : Threads)
    T.join();
  munmap(Block, 1000 * Page);
}

} // namespace
