// If this fails, where guard markers are accepted and nothing is done, as qemu-user does
// and some sandboxes do, the pages of guarded objects stay open: no error is found.
// RUN: %clang -O1 %s -o %t
// RUN: env HF=verbosity=1 %run %t 2>&1 | %check %s
// RUN: env HF=verbosity=1:guard=markers %run %t 2>&1 | %check %s --check-prefix=ONLY
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { GuardInstall = 102, Page = 65536 };

// From now on, also in the next program, the advice does nothing and succeeds. Where
// there are no such filters (qemu-user) it has to be like that already.
static void ignoreMarkers(void) {
  struct sock_filter Code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
               offsetof(struct seccomp_data, args) + 2 * 8),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GuardInstall, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog Filter = {sizeof(Code) / sizeof(*Code), Code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &Filter);
}

int main(int argc, char **argv) {
  if (argc == 1) {
    ignoreMarkers();
    puts("again"), fflush(stdout);
    execl("/proc/self/exe", argv[0], "again", NULL);
    return 1;
  }
  volatile char *Own = mmap(NULL, Page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Own[0] = 1;
  int Result = madvise((void *)Own, Page, GuardInstall);
  printf("accepted %d, open %d\n", Result == 0, Own[0]), fflush(stdout);
  volatile char *P = malloc(16);
  P[16] = 1;
  free((void *)P);
  puts("done");
}
// CHECK:      {{^}}again
// CHECK-NEXT: HeapFence: on: 255 live objects, mprotect
// CHECK-NEXT: {{^}}accepted 1, open 1
// CHECK-NEXT: ERROR: HeapFence: heap-buffer-overflow
// CHECK:      is located 0 bytes after 16-byte region
// CHECK:      {{^}}done
// ONLY:      {{^}}again
// ONLY-NEXT: HeapFence: off: guard markers do not work here
// ONLY-NEXT: {{^}}accepted 1, open 1
// ONLY-NEXT: {{^}}done
