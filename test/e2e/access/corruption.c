// If this fails, a write beside an object, on its own pages, goes unseen, or is
// reported where it did not happen.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t left 2>&1 | %check %s --check-prefix=LEFT
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=placement=left %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t left 2>&1 | %check %s --check-prefix=LEFT
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(char *volatile p, size_t n) {
  for (size_t i = 0; i != n; ++i)
    p[i] = 'x';
}

static void *volatile seen; // Others may see the object: it is aligned.

int main(int argc, char **argv) {
  int is_fixed = argc > 1 && !strcmp(argv[1], "fixed");
  int is_left = argc > 1 && !strcmp(argv[1], "left");
  if (is_left) {
    char *volatile p = malloc(100);
    fill(p, 100);
    p[2000] ^= 1; // Far behind it, in one byte.
    free(p);
    puts("done");
    return 0;
  }
  // Aligned down: 9 bytes between its end and that of the page.
  char *volatile p = malloc(23);
  seen = p;
  fill(p, 23), p[23 - is_fixed] ^= 1;
  free(p);
  // Before its start, found by realloc.
  char *volatile q = malloc(48);
  fill(q, 48);
  q[is_fixed ? 0 : -3] ^= 1;
  q = realloc(q, 60);
  fill(q, 60);
  free(q);
  // An object of several pages, and one without a byte.
  char *volatile r = calloc(1, 9001);
  seen = r;
  fill(r, 9001), r[9001 - is_fixed] ^= 1;
  free(r);
  free(malloc(0));
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}corruption at [[A]] found by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}corruption.c:[[#@LINE-18]]:3 (
// CHECK:      {{^}}[[A]] is located 0 bytes after 23-byte region
// CHECK:      {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}corruption.c:[[#@LINE-24]]:22 (
// CHECK:      SUMMARY: HeapFence: heap-corruption {{.*}}corruption.c:[[#@LINE-22]]:3 in main
// CHECK:      ERROR: HeapFence: heap-corruption
// CHECK:      is located 3 bytes before 48-byte region
// CHECK:      ERROR: HeapFence: heap-corruption
// CHECK:      is located 0 bytes after 9001-byte region
// CHECK:      {{^}}done

// LEFT: ERROR: HeapFence: heap-corruption
// LEFT: is located 1900 bytes after 100-byte region
// LEFT: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
