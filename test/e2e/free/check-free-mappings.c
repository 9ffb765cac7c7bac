// If this fails, check_free lets a free of a mapping, or of nothing, or a realloc of
// what no allocator gave, reach the allocator; or reports what is right.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=check_free=1:sample_every=100000000 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1:sample_every=100000000 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: env HF=check_free=1 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *volatile P;
static long Static[4];
static int IsBug;

static void *otherThread(void *OfMain) {
  P = OfMain;
  if (IsBug)
    free(P);
  // Of arenas of its own.
  for (size_t Size = 1; Size < 1 << 20; Size += 1 + Size / 2) {
    P = malloc(Size);
    P = realloc(P, 2 * Size);
    free(P);
  }
  return NULL;
}

int main(int argc, char **argv) {
  IsBug = argc == 1;
  setvbuf(stdout, NULL, _IONBF, 0);
  FILE *F = tmpfile();
  if (ftruncate(fileno(F), 8192))
    return 1;
  void *File = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(F), 0);
  P = (char *)File + 64;
  if (IsBug)
    free(P);

  // With a closed page before it, as it is where nothing is mapped.
  char *Pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(Pages, 4096);
  P = Pages + 4096;
  if (IsBug)
    free(P);

  // Somewhere in it: zeros; what cannot be the size of a chunk of glibc's; what
  // could be one, but before no chunk, or in memory that is closed.
  P = Pages + 4096 + 256;
  if (IsBug)
    free(P);
  mprotect(Pages + 2 * 4096, 4096, PROT_READ | PROT_WRITE);
  long *Words = (long *)(Pages + 4096);
  for (int I = 0; I != 512; ++I)
    Words[I] = 64;
  P = Words + 16;
  Words[15] = 64 + 8;
  if (IsBug)
    free(P);
  Words[15] = 64;
  Words[15 + 8] = 8;
  if (IsBug)
    free(P);
  mprotect(Pages + 2 * 4096, 4096, PROT_NONE);
  Words[15] = 4096;
  if (IsBug)
    free(P);
  P = Pages + 2 * 4096 + 256;
  if (IsBug)
    free(P);
  // What has changed since.
  P = Words + 16;
  mprotect(Words, 4096, PROT_NONE);
  if (IsBug)
    free(P);
  munmap(Words, 4096);
  if (IsBug)
    free(P);

  P = (void *)16;
  if (IsBug)
    free(P);

  long Local[4] = {1, 2, 3, 4};
  P = Local;
  if (IsBug) {
    char *New = realloc(P, 100); // REALLOC
    printf("new %d %d\n", New != P && New[0] == 0 && New[99] == 0, Local[0] == 1);
    free(New);
  }
  P = Static;
  if (IsBug) {
    char *New = reallocarray(P, 10, 10);
    printf("new %d\n", New != P && New[99] == 0);
    free(New);
    P = Static;
    New = reallocarray(P, ~(size_t)0, 2);
    printf("null %d\n", New == NULL);
  }

  pthread_t T;
  pthread_create(&T, NULL, otherThread, Local);
  pthread_join(T, NULL);

  // What is right.
  P = NULL;
  for (size_t Size = 1; Size < 10000000; Size += 1 + Size / 2) {
    P = realloc(P, Size);
    free(aligned_alloc(4096, 4096 * (1 + Size / 4096)));
  }
  P = reallocarray(P, 4, 4);
  free(P);
  puts("done");
}
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is in a mapping of a file
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is at the start of a mapping, where no object of the heap is
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is behind no header of the C library's allocator: never allocated, or what was before it is overwritten
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is behind no header of the C library's allocator
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: #0 {{.*}}check-free-mappings.c:[[#@LINE-61]]:
// CHECK: is behind no header of the C library's allocator
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: #0 {{.*}}check-free-mappings.c:[[#@LINE-60]]:
// CHECK: is behind no header of the C library's allocator
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is where no memory can be read
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is where no memory can be read
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is where no memory can be read
// CHECK: ERROR: HeapFence: invalid-free on address 0x{{0*}}10 at
// CHECK: is where no memory is mapped
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is on the thread's stack
// CHECK: new 1 1
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: is in the static memory of the program or a library
// CHECK: new 1
// CHECK: null 1
// CHECK: ERROR: HeapFence: invalid-free
// CHECK: by thread T1 here:
// CHECK: is on the main thread's stack
// CHECK-NOT: ERROR
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
