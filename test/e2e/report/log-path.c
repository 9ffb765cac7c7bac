// If this fails, reports do not go to the file that log_path names, or go to
// standard error too.
// RUN: %clang -O0 %s -o %t
// RUN: rm -f %t.log.*
// RUN: env HF=log_path=%t.log %run %t 2>&1 | %check %s --check-prefix=OUTPUT
// RUN: sh -c 'cat %t.log.*' | %check %s
// RUN: sh -c 'ls %t.log.* | wc -l' | %check %s --check-prefix=FILES
// A path that cannot be written to: standard error.
// RUN: env HF=log_path=/nonexistent/log %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  char *volatile P = malloc(10), *volatile Q = malloc(20);
  free(P);
  free(Q);
  P[9] = Q[19];
  printf("pid %d\n", getpid());
}
// OUTPUT-NOT: HeapFence
// OUTPUT: {{^}}pid

// CHECK: {{^}}==[[PID:[0-9]+]]==ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK: {{^}}==[[PID]]==ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}SUMMARY: HeapFence: heap-use-after-free

// FILES: {{^}}1{{$}}
