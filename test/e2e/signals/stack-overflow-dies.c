// If this fails, a stack overflow without a handler does not end the program by
// SIGSEGV.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c '"$0" "$1" 2>&1; echo status $?' %run %t | %check %s
#include <stdlib.h>
#include <sys/resource.h>

__attribute__((noinline)) static int recurse(volatile int *P) {
  volatile int Local[100] = {*P};
  return recurse(Local) + Local[0];
}

int main(void) {
  struct rlimit Small = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_STACK, &Small);
  volatile int *P = calloc(1, sizeof(int));
  return recurse(P);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}status 139
