// If this fails, a write beside an object that is guarded lightly, or to a freed
// one, goes unseen, or is reported where it did not happen.
// RUN: %clang -O2 %s -o %t
// RUN: env HF=only_light=1 %run %t 2>&1 | %check %s
// RUN: env HF=only_light=1 %run %t good 2>&1 | %check %s --check-prefix=GOOD
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(char *volatile p, size_t n) {
  for (size_t i = 0; i != n; ++i)
    p[i] = 'x';
}

static char *kept;

int main(int argc, char **argv) {
  (void)argv;
  int is_good = argc > 1;
  char *volatile p = malloc(24);
  fill(p, 24);
  p[24 - is_good] ^= 1; // Any value may be what lies there.
  free(p);
  // Found when its slot is to be used again.
  p = malloc(60);
  free(p);
  if (!is_good)
    p[7] ^= 1;
  for (int i = 0; i != 1000; ++i) {
    char *volatile q = calloc(1, 33);
    for (int j = 0; j != 33; ++j)
      if (q[j])
        abort();
    fill(q, 33);
    free(q);
  }
  puts("half");
  fflush(stdout);
  // Found at the end: freed, and never freed.
  p = malloc(70);
  free(p);
  if (!is_good)
    p[0] ^= 1;
  kept = malloc(80);
  fill(kept, 80);
  if (!is_good)
    kept[81] ^= 1;
}
// CHECK:      ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}corruption at [[A]] found by thread T0 here:
// CHECK:      {{^}}[[A]] is located 0 bytes after 24-byte region {{.*}}, light, {{.*}}site
// CHECK:      ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}corruption at [[A]] found by thread T0 here:
// CHECK:      {{^}}[[A]] is located 7 bytes inside of 60-byte region
// CHECK-NEXT: {{^}}1 byte changed:
// CHECK-NEXT: {{^}}    0x{{.*}}: .. .. .. .. .. .. .. **{{( \.\.)*$}}
// CHECK:      {{^}}freed by thread T0 here:
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK:      {{^}}half
// CHECK:      ERROR: HeapFence: heap-corruption on address [[A:0x[0-9a-f]+]] at pc
// CHECK-DAG:      is located 0 bytes inside of 70-byte region
// CHECK-DAG:      is located 1 byte after 80-byte region

// GOOD-NOT: HeapFence
// GOOD: {{^}}half
// GOOD-NOT: HeapFence
