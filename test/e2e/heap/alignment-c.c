// If this fails, a guarded object of the C functions is not aligned as its size
// or its caller asks for: correct code would crash on vector loads.
// RUN: %clang -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=placement=left %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int Guarded, Odd;

static void check(void *P, size_t Size, size_t Alignment) {
  Guarded += heapfence_is_guarded(P);
  Odd += (uintptr_t)P % Alignment != 0;
  memset(P, 1, Size);
  free(P);
}

int main(void) {
  for (size_t Size = 1; Size <= 5000; Size += Size < 70 ? 1 : 33) {
    size_t Natural = 16;
    while (Natural > Size)
      Natural /= 2;
    check(malloc(Size), Size, Natural);
    check(calloc(Size, 1), Size, Natural);
    check(realloc(NULL, Size), Size, Natural);
    for (size_t Alignment = 16; Alignment <= 4096; Alignment *= 4) {
      void *P = NULL;
      posix_memalign(&P, Alignment, Size);
      check(P, Size, Alignment);
      check(aligned_alloc(Alignment, Size), Size, Alignment);
      check(memalign(Alignment, Size), Size, Alignment);
    }
    check(valloc(Size), Size, 4096);
    check(pvalloc(Size), Size, 4096);
  }
  // Beyond a page: eight of them.
  for (size_t Alignment = 8192; Alignment <= 1 << 20; Alignment *= 2)
    check(aligned_alloc(Alignment, Alignment), Alignment, Alignment);
  // Larger ones are left to the real allocator.
  check(aligned_alloc(1 << 25, 1 << 25), 1, 1 << 25);
  printf("guarded %d odd %d\n", Guarded, Odd);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}guarded 4388 odd 0{{$}}
