// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// If this fails, reports carry wrong numbers, forged lines, or run over their
// buffer; or they are cut on their way to the log.

#include "child.h"
#include "writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cinttypes>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace heapfence;

namespace {

std::string written(const std::function<void(Writer &)> &Write) {
  BufferedWriter<2048> Out;
  Write(Out);
  EXPECT_FALSE(Out.isTruncated());
  return std::string(Out.data(), Out.size());
}

template <typename... Args>
std::string printed(const char *Format, Args... Values) {
  char Text[64];
  snprintf(Text, sizeof(Text), Format, Values...);
  return Text;
}

/// 0, all powers of two and of ten, and their neighbours.
std::vector<uint64_t> edgeNumbers() {
  std::vector<uint64_t> Result = {0, UINT64_MAX};
  for (unsigned I = 0; I != 64; ++I)
    for (int Delta : {-1, 0, 1})
      Result.push_back((uint64_t(1) << I) + uint64_t(Delta));
  for (uint64_t N = 10; N <= UINT64_MAX / 10; N *= 10)
    for (int Delta : {-1, 0, 1})
      Result.push_back(N + uint64_t(Delta));
  return Result;
}

TEST(Writer, Decimal) {
  for (uint64_t N : edgeNumbers())
    EXPECT_EQ(written([=](Writer &W) { W.dec(N); }), printed("%" PRIu64, N));
}

TEST(Writer, SignedDecimal) {
  for (uint64_t N : edgeNumbers()) {
    const auto Signed = static_cast<int64_t>(N);
    EXPECT_EQ(written([=](Writer &W) { W.signedDec(Signed); }),
              printed("%" PRId64, Signed));
  }
}

TEST(Writer, HexadecimalWithoutPadding) {
  for (uint64_t N : edgeNumbers())
    EXPECT_EQ(written([=](Writer &W) { W.hex(N); }), printed("0x%" PRIx64, N));
}

TEST(Writer, HexBytes) {
  const uint8_t Bytes[] = {0x00, 0x01, 0x0f, 0x10, 0xa5, 0xff};
  EXPECT_EQ(written([&](Writer &W) { W.hexBytes(Bytes, 6); }), "00010f10a5ff");
  EXPECT_EQ(written([&](Writer &W) { W.hexBytes(Bytes, 0); }), "");
}

TEST(Writer, Plural) {
  struct {
    uint64_t Value;
    const char *Text;
  } Cases[] = {{0, "0 bytes"},     {1, "1 byte"},
               {2, "2 bytes"},     {11, "11 bytes"},
               {101, "101 bytes"}, {UINT64_MAX, "18446744073709551615 bytes"}};
  for (auto &C : Cases)
    EXPECT_EQ(written([&](Writer &W) { W.plural(C.Value, "byte"); }), C.Text);
}

TEST(Writer, Ordinal) {
  struct {
    uint64_t Value;
    const char *Text;
  } Cases[] = {{0, "0th"},     {1, "1st"},     {2, "2nd"},      {3, "3rd"},
               {4, "4th"},     {9, "9th"},     {10, "10th"},    {11, "11th"},
               {12, "12th"},   {13, "13th"},   {14, "14th"},    {20, "20th"},
               {21, "21st"},   {22, "22nd"},   {23, "23rd"},    {24, "24th"},
               {100, "100th"}, {101, "101st"}, {102, "102nd"},  {103, "103rd"},
               {110, "110th"}, {111, "111th"}, {112, "112th"},  {113, "113th"},
               {121, "121st"}, {211, "211th"}, {1011, "1011th"}};
  for (auto &C : Cases)
    EXPECT_EQ(written([&](Writer &W) { W.ordinal(C.Value); }), C.Text);
}

TEST(Writer, EscapesAllButPrintableAscii) {
  for (unsigned C = 1; C != 256; ++C) {
    const char Text[] = {'<', static_cast<char>(C), '>', 0};
    const bool IsPrintable = C >= 0x20 && C < 0x7f;
    EXPECT_EQ(written([&](Writer &W) { W.escaped(Text); }),
              IsPrintable ? std::string(Text) : printed("<\\x%02x>", C));
  }
}

TEST(Writer, PiecesFollowEachOther) {
  EXPECT_EQ(written([](Writer &W) {
              W << "a" << 'b' << "";
              (W.dec(1) << '-').hex(255).plural(1, "x") << '\n';
            }),
            "ab1-0xff1 x\n");
}

/// Everything that writes, into one text.
void writeEverything(Writer &W) {
  const uint8_t Bytes[] = {0xab, 0xcd};
  W << "text" << 'c';
  W.dec(1234567).hex(0xabcdef).hexBytes(Bytes, 2);
  W.plural(2, "byte").ordinal(21).escaped("\x1b[m");
}

TEST(Writer, LeavesOutWhatDoesNotFit) {
  const std::string Whole = written(writeEverything);
  constexpr char Untouched = 0x5a;
  for (size_t Capacity = 0; Capacity != Whole.size() + 3; ++Capacity) {
    std::vector<char> Buffer(Capacity + 16, Untouched);
    Writer W(Buffer.data() + 8, Capacity);
    writeEverything(W);
    const size_t Fits = std::min(Capacity, Whole.size());
    EXPECT_EQ(std::string(W.data(), W.size()), Whole.substr(0, Fits));
    EXPECT_EQ(W.isTruncated(), Capacity < Whole.size());
    for (size_t I = 0; I != 8; ++I) {
      ASSERT_EQ(Buffer[I], Untouched) << Capacity;
      ASSERT_EQ(Buffer[8 + Capacity + I], Untouched) << Capacity;
    }
  }
}

TEST(Writer, TerminatorTakesTheLastByteOfAFullBuffer) {
  for (size_t Capacity = 1; Capacity != 6; ++Capacity) {
    char Buffer[] = "zzzzzz";
    Writer W(Buffer, Capacity);
    W << "abcd";
    const std::string Expected =
        std::string("abcd").substr(0, std::min<size_t>(Capacity - 1, 4));
    EXPECT_EQ(W.text(), Expected);
    EXPECT_EQ(W.size(), Expected.size());
    EXPECT_EQ(W.isTruncated(), Expected.size() < 4);
    EXPECT_EQ(Buffer[Capacity], Capacity == 6 ? '\0' : 'z');
  }
}

TEST(Writer, IsEmptyAfterClear) {
  BufferedWriter<4> W;
  W << "abcdefg";
  EXPECT_TRUE(W.isTruncated());
  W.clear();
  EXPECT_EQ(W.size(), 0u);
  EXPECT_FALSE(W.isTruncated());
  W << "xyz";
  EXPECT_STREQ(W.text(), "xyz");
}

class Pipe {
public:
  Pipe() {
    EXPECT_EQ(pipe(Fds), 0);
    fcntl(Fds[1], F_SETPIPE_SZ, 4096); // Short writes soon.
  }
  ~Pipe() {
    closeEnd(0);
    closeEnd(1);
  }
  int readEnd() const { return Fds[0]; }
  int writeEnd() const { return Fds[1]; }
  void closeEnd(int I) {
    if (Fds[I] >= 0)
      close(Fds[I]);
    Fds[I] = -1;
  }

private:
  int Fds[2];
};

/// Reads to the end, a little at a time.
std::string drain(int Fd) {
  std::string Result;
  char Part[1000];
  for (;;) {
    const ssize_t Got = read(Fd, Part, sizeof(Part));
    if (Got < 0 && errno == EINTR)
      continue;
    if (Got <= 0)
      return Result;
    Result.append(Part, static_cast<size_t>(Got));
    if (Result.size() % 7 == 0)
      std::this_thread::yield();
  }
}

std::string longText() {
  std::string Result;
  for (int I = 0; Result.size() < 300'000; ++I)
    Result += std::to_string(I) + ' ';
  return Result;
}

/// Writes a long text to `P`, whose other end is drained meanwhile; not at
/// once, so that the writer comes to wait.
void expectArrives(Pipe &P) {
  const std::string Text = longText();
  std::string Got;
  std::thread Reader([&] {
    usleep(20'000);
    Got = drain(P.readEnd());
  });
  errno = 77;
  EXPECT_TRUE(writeAll(P.writeEnd(), Text.data(), Text.size()));
  EXPECT_EQ(errno, 77);
  P.closeEnd(1);
  Reader.join();
  EXPECT_TRUE(Got == Text);
}

TEST(WriteAll, GoesOnAfterShortWrites) {
  Pipe P;
  expectArrives(P);
}

TEST(WriteAll, WaitsForANonBlockingReader) {
  Pipe P;
  ASSERT_EQ(fcntl(P.writeEnd(), F_SETFL, O_NONBLOCK), 0);
  expectArrives(P);
}

TEST(WriteAll, GoesOnAfterInterruptions) {
  struct sigaction Interrupt = {}, Before;
  Interrupt.sa_handler = [](int) {}; // No SA_RESTART: write returns EINTR.
  ASSERT_EQ(sigaction(SIGUSR2, &Interrupt, &Before), 0);
  std::atomic<bool> IsDone = false;
  const pthread_t Writing = pthread_self();
  std::thread Interrupter([&] {
    while (!IsDone) {
      pthread_kill(Writing, SIGUSR2);
      usleep(50);
    }
  });
  {
    Pipe P;
    expectArrives(P);
  }
  IsDone = true;
  Interrupter.join();
  sigaction(SIGUSR2, &Before, nullptr);
}

TEST(WriteAll, TellsThatAFileRefuses) {
  Pipe P;
  const int ReadOnly = P.readEnd();
  for (int Fd : {-1, ReadOnly}) {
    errno = 77;
    EXPECT_FALSE(writeAll(Fd, "x", 1));
    EXPECT_EQ(errno, 77);
  }
  const int Full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(Full, 0);
  EXPECT_FALSE(writeAll(Full, "x", 1));
  close(Full);
}

TEST(WriteAll, GivesUpOnAReaderThatStaysAway) {
  Pipe P;
  ASSERT_EQ(fcntl(P.writeEnd(), F_SETFL, O_NONBLOCK), 0);
  const std::string Text = longText();
  EXPECT_FALSE(writeAll(P.writeEnd(), Text.data(), Text.size()));
}

// Without HeapFence the program may never have written to that pipe.
TEST(WriteAll, ABrokenPipeDoesNotEndTheProgram) {
  expectChildPasses([] {
    signal(SIGPIPE, SIG_DFL);
    Pipe P;
    P.closeEnd(0);
    errno = 77;
    CHILD_CHECK(!writeAll(P.writeEnd(), "x", 1));
    CHILD_CHECK(errno == 77);
    sigset_t Now;
    CHILD_CHECK(sigpending(&Now) == 0 && !sigismember(&Now, SIGPIPE));
    CHILD_CHECK(pthread_sigmask(SIG_BLOCK, nullptr, &Now) == 0 &&
                !sigismember(&Now, SIGPIPE));
  });
}

TEST(WriteAll, KeepsASignalOfABrokenPipeThatWaitedBefore) {
  expectChildPasses([] {
    sigset_t Pipes, Now;
    sigemptyset(&Pipes);
    sigaddset(&Pipes, SIGPIPE);
    CHILD_CHECK(pthread_sigmask(SIG_BLOCK, &Pipes, nullptr) == 0);
    raise(SIGPIPE);
    Pipe P;
    P.closeEnd(0);
    CHILD_CHECK(!writeAll(P.writeEnd(), "x", 1));
    CHILD_CHECK(sigpending(&Now) == 0 && sigismember(&Now, SIGPIPE));
    CHILD_CHECK(pthread_sigmask(SIG_BLOCK, nullptr, &Now) == 0 &&
                sigismember(&Now, SIGPIPE));
  });
}

TEST(Writer, JsonStrings) {
  struct {
    const char *Text, *Expected;
  } Cases[] = {{"", "\"\""},
               {"a b", "\"a b\""},
               {"\"\\/", "\"\\\"\\\\/\""},
               {"\n\x1b\x7f", "\"\\u000a\\u001b\\u007f\""},
               {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
                "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
               // Cut off, overlong, a surrogate, beyond Unicode, a stray byte.
               {"\xc3", "\"\\u00c3\""},
               {"\xe2\x82", "\"\\u00e2\\u0082\""},
               {"\xc0\xaf", "\"\\u00c0\\u00af\""},
               {"\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\""},
               {"\xf4\x90\x80\x80", "\"\\u00f4\\u0090\\u0080\\u0080\""},
               {"\xff", "\"\\u00ff\""}};
  for (auto &C : Cases) {
    BufferedWriter<256> Out;
    Out.json(C.Text);
    EXPECT_STREQ(Out.text(), C.Expected);
  }
}

} // namespace
