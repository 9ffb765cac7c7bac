// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// refuse mdwe|membarrier|later PROGRAM...: runs it where code may not be made
// writable, where there is no membarrier, or only its registration.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

// Refuses membarrier(command) for commands from `least` on.
static int refuse_membarrier(unsigned least, unsigned most) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, least, 0, 2),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, most, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof(code) / sizeof(*code), code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv) {
  int failed = !strcmp(argv[1], "mdwe")
                   ? prctl(PR_SET_MDWE, 1, 0, 0, 0)
                   : refuse_membarrier(0, !strcmp(argv[1], "later") ? 32 : 64);
  if (failed) {
    perror("refuse");
    return 3;
  }
  execv(argv[2], argv + 2);
  return 4;
}
