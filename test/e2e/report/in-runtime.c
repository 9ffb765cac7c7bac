// If this fails, an error in memory that the runtime touches on the program's
// behalf crashes, or is blamed on the runtime and not on the caller.
// RUN: %clang -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %clang -O2 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char *volatile P = strdup("text");
  void **volatile Q = malloc(sizeof(void *));
  free(P);
  free(Q);
  char *volatile Copy = strdup(P);
  int Error = posix_memalign(Q, 16, 10);
  printf("'%s' %d\n", Copy, Error);
  free(Copy);
  free(*Q);
}
// CHECK:      heap-use-after-free
// CHECK-NEXT: {{^}}READ at [[P:0x[0-9a-f]+]] thread T0
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}in-runtime.c:[[#@LINE-8]]:25 (
// CHECK:      {{^}}[[P]] is located {{.*}} 5-byte region [
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[Q:0x[0-9a-f]+]] thread T0
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}in-runtime.c:[[#@LINE-11]]:
// CHECK:      {{^}}[[Q]] is located 0 bytes inside of 8-byte region [
// CHECK:      {{^}}'' 0
