// If this fails, check_free lets a free of what no allocator gave reach the allocator,
// or reports one of what an allocator did give.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=check_free=1 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1:sample_every=100000000 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1 %run %t 2>&1 | grep -c ERROR | %check %s --check-prefix=COUNT
// RUN: env HF=check_free=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: sh -c 'HF=sample_every=100000000 "$0" "$1" 2>&1; echo status $?' %run %t | %check %s --check-prefix=OFF
// RUN: %clang -O2 %s -o %t
// RUN: env HF=check_free=1 %run %t 2>&1 | %check %s
// RUN: env HF=check_free=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long Static[4];
static void *volatile P;

static void *inThread(void *Argument) {
  long Local[4];
  P = Local;
  if (Argument)
    free(P); // Its own stack.
  return NULL;
}

int main(int argc, char **argv) {
  int IsBug = argc == 1;
  long Local[4];
  for (int I = 0; I != 1000; ++I) {
    P = Local;
    errno = 77;
    if (IsBug)
      free(P); // STACK
    P = Static;
    if (IsBug)
      free(P);
    if (errno != 77)
      puts("errno");
  }
  P = stdout; // Of the C library.
  if (IsBug)
    free(P);
  P = (char *)malloc(40) + 1;
  if (IsBug)
    free(P);
  pthread_t T;
  pthread_create(&T, NULL, inThread, IsBug ? Static : NULL);
  pthread_join(T, NULL);
  // What is right.
  free(NULL);
  for (size_t Size = 1; Size < 10000000; Size += 1 + Size / 2) {
    P = malloc(Size);
    free(P);
  }
  P = strdup("text");
  free(P);
  char *Line = NULL;
  size_t Room = 0;
  FILE *F = tmpfile();
  fputs("line\n", F), rewind(F);
  if (getline(&Line, &Room, F) == 5)
    free(Line);
  fclose(F);
  puts("done");
}
// CHECK:      ERROR: HeapFence: invalid-free on address [[S:0x[0-9a-f]+]] at pc
// CHECK-NEXT: {{^}}free of [[S]] by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}check-free.c:[[#@LINE-35]]:7 (
// CHECK:      {{^}}[[S]] is on the thread's stack
// CHECK-NEXT: {{^}}SUMMARY: HeapFence: invalid-free
// CHECK:      ERROR: HeapFence: invalid-free on address [[D:0x[0-9a-f]+]] at pc
// CHECK:      {{^}}[[D]] is in the static memory of the program or a library
// CHECK:      {{^}}0x{{[0-9a-f]+}} is in the static memory of the program or a library
// CHECK:      {{^}}0x{{[0-9a-f]+}} is {{aligned as no object of the heap is|located 1 byte inside of 40-byte region}}
// CHECK:      {{^}}free of [[T:0x[0-9a-f]+]] by thread T1 here:
// CHECK:      {{^}}[[T]] is on the thread's stack
// CHECK-NEXT: {{^}}SUMMARY: HeapFence: invalid-free
// CHECK-NOT:  {{HeapFence|errno}}
// CHECK:      {{^}}done

// COUNT: {{^}}5{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}done

// OFF-NOT: stack
// OFF: {{^}}status 134
