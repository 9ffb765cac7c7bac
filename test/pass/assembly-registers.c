// If this fails, the guard costs the fast side more than its own instructions:
// registers are saved and restored around it.
// RUN: %plain -O2 -fno-pic -S %s -o %t.plain.s
// RUN: %clang -O2 -fno-pic -S %s -o %t.guarded.s
// RUN: awk -f %S/Inputs/stack-moves.awk %t.plain.s > %t.plain
// RUN: awk -f %S/Inputs/stack-moves.awk %t.guarded.s > %t.guarded
// RUN: diff %t.plain %t.guarded
// RUN: %check %s < %t.guarded
#include <stdlib.h>

// Everything is live across the call, more than registers are kept over it. (The
// object is handed out: else the compiler does without it, and without the call.)
// CHECK: many: {{[1-9][0-9]*}}
long many(long a, long b, long c, long d, long e, long f, long **p) {
  long *r = *p, g = r[0] * a, h = r[1] * b, i = r[2] * c, j = r[3] * d;
  long *q = *p = malloc(e);
  q[0] = a + g, q[1] = b + h, q[2] = c + i, q[3] = d + j;
  return e * f + a * c * d * g * h * i * j;
}

// CHECK: loop: {{[0-9]+}}
long loop(long n, void **p, long *sizes) {
  long sum = 0;
  for (long i = 0; i < n; ++i) {
    free(p[i]);
    p[i] = malloc(sizes[i]);
    sum += sizes[i];
  }
  return sum;
}
