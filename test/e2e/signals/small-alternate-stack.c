// If this fails, a report needs more stack than a program's alternate stack
// has: the fault handler runs there.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1:symbolizer_path=/bin/false %run %t 2>&1 | %check %s
// With a search for names of functions, and a report that is made then:
// RUN: sh -c 'printf "fun:nobody\nmodule:nobody\nsrc:nobody\n" > %t.rules'
// RUN: env HF=suppressions=%t.rules %run %t 2>&1 | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

enum { Budget = 8192 }; // Above what the kernel itself needs for a signal.

int main(void) {
  size_t Kernel = getauxval(AT_MINSIGSTKSZ);
  static char Stack[65536];
  memset(Stack, 0x5a, sizeof(Stack));
  stack_t Alternate = {.ss_sp = Stack, .ss_size = sizeof(Stack)};
  sigaltstack(&Alternate, NULL);
  volatile char *P = malloc(16);
  P[16] = 1;
  size_t Untouched = 0;
  while (Stack[Untouched] == 0x5a)
    ++Untouched;
  size_t Used = sizeof(Stack) - Untouched;
  printf("used: %d\n", Used > 500 ? Used <= Kernel + Budget : -1);
  free((void *)P);
}
// CHECK:      ERROR: HeapFence: heap-buffer-overflow
// CHECK:      {{^}}allocated by thread T0 here:
// CHECK:      {{^}}SUMMARY: HeapFence: heap-buffer-overflow
// CHECK-NEXT: {{^}}used: 1
