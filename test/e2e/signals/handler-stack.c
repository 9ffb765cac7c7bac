// If this fails, the fault handler needs more than 8 KiB of stack: it overflows the
// small alternate stacks that language runtimes give their threads.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1 %run %t 2>&1 | %check %s
// RUN: env HF=log_path=%t.log:unwind=cfi %run %t 2>&1 | %check %s --check-prefix=FIGURES
// RUN: %clang -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1:guard=mprotect %run %t 2>&1 | %check %s
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Budget = 8192, Size = 1 << 18, Paint = 0x5a };

/// The alternate stack; shared, so that it can be looked at after a child's death.
static char *Stack;

static void paint(void) {
  memset(Stack, Paint, Size);
  stack_t Alternate = {.ss_sp = Stack, .ss_size = Size};
  sigaltstack(&Alternate, NULL);
}

static long used(void) {
  long Untouched = 0;
  while (Untouched != Size && Stack[Untouched] == Paint)
    ++Untouched;
  return Size - Untouched;
}

/// What the kernel puts there by itself.
static long kernelsPart;

static void tell(const char *What) {
  long Bytes = used() - kernelsPart;
  printf("%s: %ld bytes%s\n", What, Bytes,
         Bytes < 200 ? ", not there" : Bytes > Budget ? ", too many" : "");
}

static void nothing(int Signal) {}

static int depth(volatile char *P, int N) {
  if (N)
    return depth(P, N - 1) + 1;
  *P = 1;
  return 0;
}

static void *useInThread(void *P) {
  paint();
  *(volatile char *)P = 1;
  return NULL;
}

static volatile void *volatile Seen; // Others may see the object: it is aligned.

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  Stack = mmap(NULL, Size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
               -1, 0);
  struct sigaction Action = {.sa_handler = nothing, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &Action, NULL);
  paint();
  raise(SIGUSR1);
  kernelsPart = used();

  volatile char *P = malloc(16);
  paint();
  P[16] = 1;
  tell("overflow");
  free((void *)P);

  P = malloc(16);
  free((void *)P);
  paint();
  int Frames = depth(P, 100);
  tell("use after free, deep");
  printf("%d\n", Frames);

  P = malloc(16);
  free((void *)P);
  pthread_t Thread;
  pthread_create(&Thread, NULL, useInThread, (void *)P);
  pthread_join(Thread, NULL);
  tell("in a thread");

  paint();
  P[500 << 20] = 1;
  tell("wild");

  // A crash, in which a write beside an object is found.
  Seen = P = malloc(21);
  P[21] ^= 1;
  paint();
  pid_t Child = fork();
  if (!Child) {
    char *volatile Second = malloc(21);
    Seen = Second;
    Second[21] ^= 1;
    *(volatile char *)0 = 1;
  }
  waitpid(Child, NULL, 0);
  tell("crash");
}
// CHECK:     ERROR: HeapFence: heap-buffer-overflow
// CHECK:     SUMMARY: HeapFence: heap-buffer-overflow
// CHECK:     {{^}}overflow: {{[0-9]+}} bytes{{$}}
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     {{^}}use after free, deep: {{[0-9]+}} bytes{{$}}
// CHECK:     ERROR: HeapFence: heap-use-after-free
// CHECK:     {{^}}in a thread: {{[0-9]+}} bytes{{$}}
// CHECK:     ERROR: HeapFence: wild-access
// CHECK:     {{^}}wild: {{[0-9]+}} bytes{{$}}
// CHECK:     ERROR: HeapFence: heap-corruption
// CHECK:     ERROR: HeapFence: heap-corruption
// CHECK:     {{^}}crash: {{[0-9]+}} bytes{{$}}

// FIGURES:      {{^}}overflow: {{[0-9]+}} bytes{{$}}
// FIGURES-NEXT: {{^}}use after free, deep: {{[0-9]+}} bytes{{$}}
// FIGURES:      {{^}}in a thread: {{[0-9]+}} bytes{{$}}
// FIGURES-NEXT: {{^}}wild: {{[0-9]+}} bytes{{$}}
// FIGURES-NEXT: {{^}}crash: {{[0-9]+}} bytes{{$}}
