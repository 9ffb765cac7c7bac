// If this fails, suppressions do not name what a report is about: its kind, a
// function or module of a stack, a file of a site; or the program does not go
// on behind a suppressed report as behind one that is made.
// RUN: %clang -O0 %s -o %t
// RUN: sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=UAF --implicit-check-not=ERROR
// RUN: sh %S/Inputs/suppress 'fun:look*' %t %run | %check %s --check-prefix=DF --implicit-check-not=ERROR
// RUN: sh %S/Inputs/suppress fun:drop %t %run | %check %s --check-prefix=FIXED
// RUN: sh %S/Inputs/suppress 'src:report/suppressions.c' %t %run | %check %s --check-prefix=FIXED
// RUN: sh %S/Inputs/suppress 'module:suppressions.c.tmp' %t %run | %check %s --check-prefix=FIXED
// RUN: sh %S/Inputs/suppress 'fun:loo' %t %run | %check %s --check-prefix=BOTH --implicit-check-not=ERROR
// Functions are also known by -O2, without debug information, and, by the
// table of dynamic symbols, stripped.
// RUN: %clang -O2 -rdynamic %s -o %t
// RUN: sh %S/Inputs/suppress fun:look_at %t %run | %check %s --check-prefix=DF --implicit-check-not=ERROR
// RUN: strip %t
// RUN: sh %S/Inputs/suppress fun:look_at %t %run | %check %s --check-prefix=DF --implicit-check-not=ERROR
// A jump into a freed object ends the program, and that is said.
// RUN: sh %S/Inputs/suppress 'kind:*' %t %run jump | %check %s --check-prefix=JUMP
// RUN: sh %S/Inputs/suppress 'kind:*' %t %run fixed | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) void drop(void *volatile P) { free(P); }
__attribute__((noinline)) void look_at(volatile char *P) {
  P[1] = 2;
  P[2] = 3;
}

int main(int argc, char **argv) {
  void *volatile P = malloc(10), *volatile Q = malloc(20);
  drop(P);
  drop(Q);
  if (argc == 1) {
    look_at(P);
    look_at(P);
    drop(Q);
    drop(P); // Its claim is as if it had been reported.
  } else if (strcmp(argv[1], "jump") == 0) {
    ((void (*volatile)(void))P)();
  }
  puts("done");
}
// UAF: ERROR: HeapFence: heap-use-after-free
// UAF: {{^}}done

// DF: ERROR: HeapFence: double-free
// DF: {{^}}done

// BOTH: ERROR: HeapFence: heap-use-after-free
// BOTH: ERROR: HeapFence: double-free
// BOTH: {{^}}done

// JUMP:  ERROR: HeapFence: heap-use-after-free
// JUMP:  {{^}}EXECUTE

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
