// If this fails, `heapfence core` says something else of a core file than the
// process would have said of the same error.
// REQUIRES: core-files
// RUN: %clang -O0 -g %s -o %t -pthread
// RUN: %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,FREED
// RUN: env HF=guard=mprotect %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,FREED
// RUN: %S/Inputs/same %hf %t over | %check %s --check-prefixes=ANY,OVER
// RUN: env HF=guard=mprotect %S/Inputs/same %hf %t over | %check %s --check-prefixes=ANY,OVER
// RUN: %S/Inputs/same %hf %t under | %check %s --check-prefixes=ANY,UNDER
// RUN: %S/Inputs/same %hf %t wild | %check %s --check-prefixes=ANY,WILD
// RUN: %S/Inputs/same %hf %t copy | %check %s --check-prefixes=ANY,COPY
// RUN: %S/Inputs/same %hf %t fill | %check %s --check-prefixes=ANY,FILL
// RUN: %S/Inputs/same %hf %t from | %check %s --check-prefixes=ANY,COPY
// RUN: %S/Inputs/same %hf %t to | %check %s --check-prefixes=ANY,FILL
// RUN: %S/Inputs/same %hf %t push | %check %s --check-prefixes=ANY,COPY
// RUN: %S/Inputs/same %hf %t add | %check %s --check-prefixes=ANY,ADD
// RUN: %S/Inputs/same %hf %t jump | %check %s --check-prefixes=ANY,JUMP
// RUN: %S/Inputs/same %hf %t thread | %check %s --check-prefixes=ANY,THREAD
// RUN: %S/Inputs/same %hf %t realloc | %check %s --check-prefixes=ANY,REALLOC
// RUN: %S/Inputs/same %hf %t pointer | %check %s --check-prefixes=ANY,POINTER
// RUN: %S/Inputs/same %hf %t strdup | %check %s --check-prefixes=ANY,STRDUP
// RUN: %S/Inputs/same %hf %t signal | %check %s --check-prefixes=ANY,SIGNAL
// RUN: env HF=stack_frames=2 %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,FREED
// The stack that was kept in part, for lack of time:
// RUN: env HF=sample_every=0:light_slots=0 %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,FREED
// RUN: %clang -O2 -g -no-pie %s -o %t -pthread
// RUN: %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,FREED
// Without debug information the table of sites tells.
// RUN: %clang -O1 %s -o %t -pthread
// RUN: %S/Inputs/same %hf %t freed | %check %s --check-prefixes=ANY,TABLE
#include "Inputs/die.h"
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *volatile p;
static volatile char sink[64];
static void *(*volatile allocate)(size_t) = malloc;

__attribute__((noinline)) static void make(size_t size) { p = malloc(size); }
__attribute__((noinline)) static void drop(void) { free(p); }

/// The instructions that read one place and write another, where there are such.
#ifdef __x86_64__
static void move_string(volatile char *to, volatile char *from) {
  size_t count = 33;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}
static void push(volatile char *from) {
  __asm__ volatile("pushq (%0)\n\tpopq %%rax" : : "r"(from) : "rax", "memory");
}
#else
static void move_string(volatile char *to, volatile char *from) {
  __asm__ volatile("ldrb w8, [%1], #1\n\tstrb w8, [%0], #1"
                   : "+r"(to), "+r"(from) : : "w8", "memory");
}
static void push(volatile char *from) {
  __asm__ volatile("ldp x8, x9, [%0]\n\tstp x8, x9, [sp, #-16]!\n\tadd sp, sp, #16"
                   : : "r"(from) : "x8", "x9", "memory");
}
#endif

static void *in_thread(void *unused) {
  make(30);
  p[4096] = 1;
  return unused;
}

static void on_signal(int number) { sink[0] = p[number]; }

int main(int argc, char **argv) {
  const char *what = argv[1];
  make(!strcmp(what, "over") ? 5 * 4096 : 40);
  // One program dies of SIGSEGV because it is blocked.
  if (argc == 2 && !strcmp(what, "under")) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
  } else if (argc == 2) {
    die_of(SIGSEGV);
  }
  if (!strcmp(what, "over"))
    p[5 * 4096 + 100] = 1;
  if (!strcmp(what, "under"))
    sink[0] = p[-5000];
  if (!strcmp(what, "wild"))
    *(volatile char *)((uintptr_t)p | 0x3fffffff) = 1;
  if (!strcmp(what, "realloc"))
    p = realloc(p, 100);
  if (!strcmp(what, "pointer"))
    p = allocate(50);
  if (!strcmp(what, "thread")) {
    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, NULL);
    pthread_join(thread, NULL);
  }
  drop();
  if (!strcmp(what, "copy"))
    memcpy((void *)sink, p, 33);
  if (!strcmp(what, "fill"))
    memset(p, 1, 33);
  if (!strcmp(what, "from"))
    move_string(sink, p);
  if (!strcmp(what, "to"))
    move_string(p, sink);
  if (!strcmp(what, "push"))
    push(p);
  if (!strcmp(what, "add"))
    ++p[3];
  if (!strcmp(what, "jump"))
    ((void (*)(void))p)();
  if (!strcmp(what, "strdup"))
    p = strdup(p);
  if (!strcmp(what, "signal")) {
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
  }
  sink[0] = p[7];
}
// FREED:   ERROR: HeapFence: heap-use-after-free on address
// FREED:   READ at {{.*}} thread T0
// FREED:   #0 {{.*}} in main {{.*}}same-text.c:
// TABLE:   freed by thread T0 here:
// TABLE:   #0 {{.*}} in {{main|drop}} {{.*}}same-text.c:
// TABLE:   previously allocated by thread T0 here:
// TABLE:   #0 {{.*}} in {{main|make}} {{.*}}same-text.c:
// OVER:    ERROR: HeapFence: heap-buffer-overflow on address
// OVER:    WRITE at {{.*}} thread T0
// OVER:    is located 100 bytes after 20480-byte region
// UNDER:   ERROR: HeapFence: heap-buffer-underflow on address
// UNDER:   READ at {{.*}} thread T0
// UNDER:   is located 5000 bytes before 40-byte region
// WILD:    ERROR: HeapFence: wild-access on address
// WILD:    WRITE at
// WILD:    is in pool memory that never belonged to an object
// COPY:    ERROR: HeapFence: heap-use-after-free on address
// COPY:    READ at
// FILL:    ERROR: HeapFence: heap-use-after-free on address
// FILL:    WRITE at
// ADD:     ERROR: HeapFence: heap-use-after-free on address
// ADD:     {{READ|WRITE}} at
// JUMP:    ERROR: HeapFence: heap-use-after-free on address
// JUMP:    EXECUTE at
// THREAD:  ERROR: HeapFence: heap-buffer-overflow on address
// THREAD:  WRITE at {{.*}} thread T1
// REALLOC: ERROR: HeapFence: heap-use-after-free on address
// REALLOC: 100-byte region {{.*}}site {{[0-9]+}}, 1st guarded here)
// POINTER: ERROR: HeapFence: heap-use-after-free on address
// POINTER: previously allocated by
// POINTER-NEXT: #0 {{.*}} in main {{.*}}same-text.c:
// The runtime reads for the caller.
// STRDUP:  ERROR: HeapFence: heap-use-after-free on address
// STRDUP:  READ at
// STRDUP-NEXT: #0 {{.*}} in main {{.*}}same-text.c:
// SIGNAL:  ERROR: HeapFence: heap-use-after-free on address
// SIGNAL:  #0 {{.*}} in on_signal
// SIGNAL:  in main
// ANY:     SUMMARY: HeapFence:
// ANY-NOT: HeapFence
