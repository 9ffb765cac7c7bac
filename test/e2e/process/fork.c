// If this fails, a forked child is not guarded, or does not report with its own
// process number, or disturbs its parent's objects.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: %clang -O2 %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s < %t.log
// RUN: rm -f %t.log.*
// RUN: env HF=log_path=%t.log %run %t
// RUN: sh -c 'ls %t.log.* | wc -l' | %check %s --check-prefix=FILES
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  volatile char *Before = malloc(10);
  Before[0] = 'p';
  Before[16] = 1; // A report before the fork.
  pid_t Child = fork();
  if (Child == 0) {
    fprintf(stderr, "child %d\n", getpid());
    volatile char *P = malloc(20);
    free((void *)P);
    P[19] = 1;
    Before[0] = 'c';
    free((void *)Before);
    _exit(3);
  }
  int Status;
  waitpid(Child, &Status, 0);
  fprintf(stderr, "parent %d: %c %d\n", getpid(), Before[0], Status >> 8);
  free((void *)Before);
}
// CHECK:      {{^}}==[[PARENT:[0-9]+]]==ERROR: HeapFence: heap-buffer-overflow
// CHECK:      {{^}}child [[CHILD:[0-9]+]]
// CHECK-NEXT: {{^}}==[[CHILD]]==ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 19 bytes inside of 20-byte region [
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}fork.c:[[#@LINE-17]]:24 (
// CHECK:      {{^}}parent [[PARENT]]: p 3

// FILES: {{^}}2{{$}}
