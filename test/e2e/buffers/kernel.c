// If this fails, what the kernel would do beside an object, or to a freed one,
// goes unseen: it raises no fault.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t %s 2>&1 | %check %s
// RUN: %run %t %s fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t %s 2>&1 | %check %s
// RUN: env HF=only_light=1 %run %t %s 2>&1 | %check %s
// RUN: %run %t %s fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -Xclang -mllvm -Xclang -heapfence-buffers=0 %s -o %t
// RUN: %run %t %s 2>&1 | %check %s --check-prefix=NONE
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char *hide(void *p) {
  char *volatile hidden = p;
  return hidden;
}

int main(int argc, char **argv) {
  int bug = argc == 2;
  int fd = open(argv[1], O_RDONLY), sockets[2];
  if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
    return 1;
  long sum = 0;
  char *p = hide(malloc(24));
  // CHECK: ERROR: HeapFence: heap-buffer-overflow on address
  // CHECK-NEXT: WRITE at 0x{{[0-9a-f]+}} thread T0 in argument 2 of read()
  // CHECK: is located 0 bytes after 24-byte region
  sum += read(fd, p, 24 + bug);
  p = hide(malloc(24));
  // CHECK: WRITE at 0x{{[0-9a-f]+}} thread T0 in argument 2 of pread()
  // CHECK: is located 0 bytes after 24-byte region
  sum += pread(fd, p + 20, 4 + 3 * bug, 0);
  p = hide(malloc(24));
  // CHECK: heap-buffer-underflow
  // CHECK: READ at 0x{{[0-9a-f]+}} thread T0 in argument 2 of write()
  // CHECK: is located 2 bytes before 24-byte region
  sum += write(sockets[0], p - 2 * bug, 8);
  p = hide(calloc(1, 24));
  // CHECK: READ at 0x{{[0-9a-f]+}} thread T0 in argument 2 of send()
  // CHECK: is located 0 bytes after 24-byte region
  sum += send(sockets[0], p, 24 + bug, 0);
  p = hide(malloc(32));
  // CHECK: WRITE at 0x{{[0-9a-f]+}} thread T0 in argument 2 of readv()
  // CHECK: is located 0 bytes after 32-byte region
  struct iovec parts[2] = {{&sum, 0}, {p, 32 + bug}};
  sum += readv(fd, parts, 2);
  p = hide(malloc(32));
  // CHECK: READ at 0x{{[0-9a-f]+}} thread T0 in argument 2 of sendmsg()
  // CHECK: is located 0 bytes after 32-byte region
  struct iovec part = {p, 32 + bug};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  sum += sendmsg(sockets[0], &message, 0);
  p = hide(malloc(32));
  char *old = p;
  free(p);
  // CHECK: ERROR: HeapFence: heap-use-after-free
  // CHECK-NEXT: READ at 0x{{[0-9a-f]+}} thread T0 in argument 2 of write()
  // CHECK: is located 0 bytes inside of 32-byte region
  // CHECK: freed by thread T0 here:
  if (bug)
    sum += write(sockets[0], old, 4);
  printf("done %d\n", sum > 0);
}
// CHECK-NOT: HeapFence
// CHECK: SUMMARY: HeapFence
// CHECK-NOT: HeapFence
// CHECK: done 1
// FIXED-NOT: HeapFence
// FIXED: done 1
// NONE-NOT: in argument
// NONE: done
