// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sites whose instructions test/bench/site counts.
#include <stdlib.h>

// The calls are not the last thing the functions do: they stay calls.
void allocate(void **p, size_t n) { *p = malloc(n); }

long release(void *p, long result) {
  free(p);
  return result;
}

// All is live across the call, more than registers are kept over it.
long many(long a, long b, long c, long d, long e, long f, long **p) {
  long *r = *p, g = r[0] * a, h = r[1] * b, i = r[2] * c, j = r[3] * d;
  long *q = *p = malloc(e);
  q[0] = a + g, q[1] = b + h, q[2] = c + i, q[3] = d + j;
  return e * f + a * c * d * g * h * i * j;
}

int main(void) {
  long p[4] = {1, 2, 3, 4}, *q = p;
  long n = many(1, 2, 3, 4, 32, 6, &q);
  n = release(q, n);
  allocate((void **)&q, 1);
  return (int)n;
}
