// If this fails, check_free lets a free of memory that the program mapped itself reach
// an allocator that can be asked what it owns, or takes its objects for foreign.
// REQUIRES: tcmalloc_minimal, mimalloc, jemalloc
// RUN: %clangxx -O1 %s -o %t
// RUN: env HF=check_free=1:sample_every=100000000 LD_PRELOAD=libtcmalloc_minimal.so.4 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1:sample_every=100000000 LD_PRELOAD=libtcmalloc_minimal.so.4 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=check_free=1:sample_every=100000000 LD_PRELOAD=libmimalloc.so.2 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1:sample_every=100000000 LD_PRELOAD=libmimalloc.so.2 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=check_free=1:sample_every=100000000 LD_PRELOAD=libjemalloc.so.2 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static void *volatile P;

int main(int argc, char **argv) {
  char *Pages = (char *)mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  P = Pages + 4096 + 256;
  if (argc == 1)
    free(P);
  for (size_t Size = 1; Size < 50000000; Size += 1 + Size / 2) {
    P = malloc(Size);
    free(aligned_alloc(4096, 4096 * (1 + Size / 4096)));
    P = realloc(P, 2 * Size);
    free(P);
  }
  puts("done");
}
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is in no memory of the allocator
// CHECK-NOT: ERROR
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
