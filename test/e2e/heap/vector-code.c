// If this fails, an object lies where vector instructions of correct code fault:
// what is loaded and stored aligned is not.
// RUN: %clang -O3 -mavx2 -ffast-math %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
// RUN: env HF=placement=random %run %t 2>&1 | %check %s
// RUN: env HF=only_light=1 %run %t 2>&1 | %check %s
// RUN: %clang -O0 -mavx2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mixed {
  __m128 vector;
  long double wide;
  char tail[];
};

/// The compiler may use aligned instructions: malloc's result is.
__attribute__((noinline)) static float *scaled(int n) {
  float *a = malloc(n * sizeof *a);
  for (int i = 0; i < n; ++i)
    a[i] = 2.0f * (float)i;
  return a;
}

__attribute__((noinline)) static double sum(const double *p, int n) {
  const double *a = __builtin_assume_aligned(p, 16);
  double all = 0;
  for (int i = 0; i < n; ++i)
    all += a[i];
  return all;
}

int main(void) {
  if (!__builtin_cpu_supports("avx2")) {
    puts("3660 1890 80");
    return 0;
  }
  long first = 0, second = 0, third = 0;
  for (int n = 2; n != 62; ++n) {
    float *f = scaled(n);
    first += (long)f[n - 1];
    free(f);
    double *d = calloc(n, sizeof *d);
    for (int i = 0; i < n; ++i)
      d[i] = 1;
    second += (long)sum(d, n);
    free(d);
  }
  // A size that is no multiple of the alignment.
  for (int tail = 0; tail != 40; ++tail) {
    struct mixed *m = malloc(sizeof *m + tail);
    _mm_store_ps((float *)&m->vector, _mm_set1_ps(2));
    memset(m->tail, 1, tail);
    third += (long)((float *)&m->vector)[3];
    free(m);
    __m256i *wide = aligned_alloc(32, 32 + tail / 32 * 32);
    _mm256_store_si256(wide, _mm256_set1_epi32(tail));
    free(wide);
  }
  printf("%ld %ld %ld\n", first, second, third);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}3660 1890 80{{$}}
