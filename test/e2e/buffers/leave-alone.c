// If this fails, a program that hands bad pointers to the kernel, and counts on its
// answer, no longer gets it; or the values of errno and of the functions change.
// RUN: %clang -O1 -Xclang -mllvm -Xclang -heapfence-memory-buffers %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static void *hide(void *p) {
  void *volatile hidden = p;
  return hidden;
}
static int format(char *to, size_t size, const char *how, ...) {
  va_list args;
  va_start(args, how);
  int length = vsnprintf(to, size, how, args);
  va_end(args);
  return length;
}

int main(void) {
  int pipes[2];
  if (pipe(pipes))
    return 1;
  char *p = hide(malloc(100));
  errno = 0;
  // CHECK: -1 14
  printf("%zd", write(pipes[1], hide((void *)16), 5));
  printf(" %d\n", errno);
  // CHECK: -1 14
  printf("%zd", writev(pipes[1], hide((void *)16), 2));
  printf(" %d\n", errno);
  // CHECK: -1 14
  struct iovec parts = {hide((void *)16), 3};
  printf("%zd", readv(pipes[0], hide(&parts), write(pipes[1], "abc", 3) == 3));
  printf(" %d\n", errno);
  // CHECK: -1 22
  parts.iov_base = p;
  printf("%zd", writev(pipes[1], hide(&parts), 100000));
  printf(" %d\n", errno);
  // CHECK: 9 7 1 two 3.5 4.5
  int n = snprintf(p, 100, "%d %s %.1f", 1, "two", 3.5);
  int m = format(p + n, 100 - n, " %.1f%s", 4.5, "\n");
  printf("%d %d %s", n, m - (m == 5) * -2, p);
  // CHECK: 17 0.5 1.5 2.5 3.5 4.5 5.5 6.5 7.5 8.5 9
  n = snprintf(p, 100, "%d %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f %d", 17,
               0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9);
  printf("%.*s\n", n, p);
  // CHECK: 3 abc
  n = snprintf(p, INT_MAX, "%s", "abc"); // sprintf by another name
  printf("%d %s\n", n, p);
  errno = 77;
  // CHECK: 77 same
  int is_same = memcpy(p, hide("x"), (size_t)hide((void *)2)) == p &&
                strcpy(p + 2, hide("yz")) == p + 2 && memset(p, 0, n) == p;
  printf("%d %s\n", errno, is_same ? "same" : "other");
}
// CHECK-NOT: HeapFence
