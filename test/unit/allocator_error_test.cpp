// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, an abort by the allocator is told as another error than it is,
// or an abort of somebody else's as one.

#include "allocator_error.h"

#include <gtest/gtest.h>

#include <dlfcn.h>

using namespace heapfence;

namespace {

TEST(AbortMessage, OfFreesThatAreWrongForSure) {
  EXPECT_EQ(judgeAbortMessage("free(): double free detected in tcache 2"),
            ErrorKind::DoubleFree);
  EXPECT_EQ(judgeAbortMessage("double free or corruption (fasttop)"),
            ErrorKind::DoubleFree);
  EXPECT_EQ(judgeAbortMessage("free(): invalid pointer"),
            ErrorKind::InvalidFree);
  EXPECT_EQ(judgeAbortMessage("munmap_chunk(): invalid pointer"),
            ErrorKind::InvalidFree);
  EXPECT_EQ(judgeAbortMessage("realloc(): invalid pointer"),
            ErrorKind::InvalidFree);
}

TEST(AbortMessage, OfWhatWasWritten) {
  for (const char *Message :
       {"double free or corruption (!prev)", "double free or corruption (out)",
        "free(): invalid size", "free(): invalid next size (fast)",
        "malloc(): corrupted top size", "corrupted size vs. prev_size",
        "malloc(): unaligned tcache chunk detected",
        "malloc_consolidate(): unaligned fastbin chunk detected",
        "realloc(): invalid next size", "corrupted double-linked list"})
    EXPECT_EQ(judgeAbortMessage(Message), ErrorKind::Corruption) << Message;
}

TEST(AbortMessage, OfSomethingElse) {
  for (const char *Message :
       {"", "free", "prog: a.c:3: main: Assertion `p' failed.",
        "*** stack smashing detected ***: terminated",
        "prog: free.c:3: f: Assertion `free(): double free' failed.",
        "*** buffer overflow detected ***: terminated"})
    EXPECT_EQ(judgeAbortMessage(Message), ErrorKind::None) << Message;
}

/// Code of the C library, whatever stubs this program has.
uintptr_t inLibc(const char *Function) {
  return reinterpret_cast<uintptr_t>(dlsym(RTLD_DEFAULT, Function));
}

TEST(AllocatorCall, IsTheFirstOutsideOfTheCLibrary) {
  findAbortMessage();
  const uintptr_t Here = reinterpret_cast<uintptr_t>(&judgeAbortMessage);
  const uintptr_t Pcs[] = {inLibc("abort"), inLibc("malloc"), Here,
                           inLibc("abort"), Here};
  EXPECT_EQ(findAllocatorCall(Pcs, 5), 2u);
}

TEST(AllocatorCall, IsNoneWhereTheProgramItselfWasInterrupted) {
  findAbortMessage();
  const uintptr_t Here = reinterpret_cast<uintptr_t>(&judgeAbortMessage);
  const uintptr_t Pcs[] = {Here, inLibc("abort"), Here};
  EXPECT_EQ(findAllocatorCall(Pcs, 3), 3u);
  EXPECT_EQ(findAllocatorCall(Pcs + 1, 1), 1u);
  EXPECT_EQ(findAllocatorCall(Pcs, 0), 0u);
}

} // namespace
