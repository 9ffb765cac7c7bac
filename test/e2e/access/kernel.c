// If this fails, a system call on a freed buffer does something else than fail:
// it must not open the page, and what it meets is no fault to report.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
  char *volatile P = malloc(64);
  int Ends[2];
  char Copy[64];
  free(P);
  pipe(Ends);
  long Result = syscall(SYS_write, Ends[1], P, 64);
  printf("write %ld %d, ", Result, errno == EFAULT);
  struct iovec To = {Copy, 64}, From = {P, 64};
  Result = process_vm_readv(getpid(), &To, 1, &From, 1, 0);
  printf("process_vm_readv %ld %d\n", Result, errno == EFAULT);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}write -1 1, process_vm_readv -1 1
