// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A child process for what would end or bend the test program: signals, and
// system calls that are refused.

#ifndef HEAPFENCE_TEST_CHILD_H
#define HEAPFENCE_TEST_CHILD_H

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace heapfence {

/// What `CHILD_CHECK` exits with.
inline constexpr int CheckFailed = 99;

/// For use in a child, where GoogleTest's own checks would not be seen.
#define CHILD_CHECK(Condition)                                                 \
  do {                                                                         \
    if (!(Condition)) {                                                        \
      std::fprintf(stderr, "%s:%d: in a child: not %s\n", __FILE__, __LINE__,  \
                   #Condition);                                                \
      _exit(heapfence::CheckFailed);                                           \
    }                                                                          \
  } while (false)

/// Runs `Body` in a child, which then exits with 0, and `InParent(pid)`
/// meanwhile in the caller.
/// Returns: the child's wait status, or -1.
template <typename F, typename G> int statusOfChild(F Body, G InParent) {
  std::fflush(nullptr);
  const pid_t Child = fork();
  if (Child == 0) {
    const rlimit NoCore = {0, 0};
    setrlimit(RLIMIT_CORE, &NoCore);
    alarm(60);
    Body();
    _exit(0);
  }
  if (Child < 0)
    return -1;
  InParent(Child);
  int Status = -1;
  while (waitpid(Child, &Status, 0) < 0 && errno == EINTR)
    ;
  return Status;
}

template <typename F> int statusOfChild(F Body) {
  return statusOfChild(Body, [](pid_t) {});
}

/// Expects of `Body`, run in a child, that its checks hold.
template <typename F> void expectChildPasses(F Body) {
  EXPECT_EQ(statusOfChild(Body), 0);
}

/// From now on the system call `Number` fails with `Error` in this process, or
/// does nothing and succeeds if `Error` is 0; only if its argument `Nth` (from
/// 0) is `Value` in its low 32 bits.
/// Returns: false if the system allows no filters.
inline bool refuseSystemCall(unsigned Number, unsigned Nth, uint32_t Value,
                             unsigned Error) {
  const unsigned Argument = offsetof(seccomp_data, args) + Nth * 8;
  sock_filter Code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, Number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, Argument),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, Value, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | Error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  sock_fprog Filter = {sizeof(Code) / sizeof(*Code), Code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &Filter) == 0;
}

} // namespace heapfence

#endif // HEAPFENCE_TEST_CHILD_H
