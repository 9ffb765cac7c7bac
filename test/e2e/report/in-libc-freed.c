// If this fails, the use of a freed string inside the C library goes unseen, or
// its stack does not lead back through the program's functions.
// RUN: %clang -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -g -fomit-frame-pointer %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static size_t measure(const char *P) {
  return strlen(P) + 1;
}

int main(int argc, char **argv) {
  char *volatile P = strdup("text");
  if (argc > 1)
    printf("%zu\n", measure(P));
  free(P);
  if (argc == 1)
    printf("%zu\n", measure(P));
}
// CHECK:      heap-use-after-free
// CHECK-NEXT: {{^}}READ at
// CHECK-NEXT: {{^}}    #0 {{.*}}libc.so.6+0x
// CHECK-NEXT: {{^}}    #1 {{.*}} in measure {{.*}}freed.c:[[#@LINE-14]]:
// CHECK-NEXT: {{^}}    #2 {{.*}} in main {{.*}}freed.c:[[#@LINE-6]]:21 (
// strlen loads the whole aligned vector that the string begins in.
// CHECK:      is located {{.*}} 5-byte region [
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free
// CHECK:      {{^}}1

// FIXED-NOT: HeapFence
// FIXED: {{^}}5
