// If this fails, errors inside the C library's string functions go unseen, or
// their stacks do not lead back to main. The calls themselves are not checked here,
// as in a library that was compiled without HeapFence.
// RUN: %clang -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char *volatile P = strdup("sixteen bytes..");
  char *volatile Q = malloc(32);
  volatile size_t Size = 16 + (argc == 1);
  memcpy(Q, P, Size);
  Size = 32 + (argc == 1);
  memset(Q, 'x', Size);
  Q[31] = 0;
  free(P);
  puts(Q + 28);
  free(Q);
}
// CHECK:      ERROR: HeapFence: heap-buffer-overflow
// CHECK-NEXT: {{^}}READ at
// CHECK-NEXT: {{^}}    #0 {{.*}}libc.so.6+0x
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}in-libc.c:[[#@LINE-11]]:
// CHECK:      is located 0 bytes after 16-byte region [
// CHECK:      ERROR: HeapFence: heap-buffer-overflow
// CHECK-NEXT: {{^}}WRITE at
// CHECK-NEXT: {{^}}    #0 {{.*}}libc.so.6+0x
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}in-libc.c:[[#@LINE-14]]:
// CHECK:      is located 0 bytes after 32-byte region [

// FIXED-NOT: HeapFence
// FIXED: {{^}}xxx
