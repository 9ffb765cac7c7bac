// If this fails, errors at exit go unseen, or frees of guarded objects by
// functions of atexit and destructors crash or are taken for errors.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

static char *volatile Kept, *volatile Other;
static int HasBug;

static void atEnd(void) {
  free(Kept);
  Kept = malloc(30);
  Kept[29] = 'x';
}

__attribute__((destructor)) static void last(void) {
  putchar(Kept[29]);
  free(Kept);
  if (HasBug)
    Kept[1] = 1;
  free(Other);
}

int main(int argc, char **argv) {
  HasBug = argc == 1;
  Kept = malloc(10);
  Other = malloc(20);
  atexit(atEnd);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK:      is located 1 byte inside of 30-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in last {{.*}}exit.c:[[#@LINE-15]]:3 (
// CHECK-NOT:  ERROR
// CHECK:      {{^}}x

// FIXED-NOT: HeapFence
// FIXED: {{^}}x
