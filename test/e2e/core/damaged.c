// If this fails, a core file that is damaged, or made to do harm, crashes the
// tool or holds it up.
// REQUIRES: core-files
// RUN: %clang -O0 -g %s -o %t
// RUN: %S/Inputs/dump %t.core %t > %t.out 2>&1
// RUN: python3 %S/Inputs/fuzz.py %hf %t.core %t 40 | %check %s
// RUN: rm %t.core
#include "Inputs/die.h"
#include <stdlib.h>

int main(void) {
  die_of(SIGSEGV);
  char *volatile p = malloc(16), *volatile q = malloc(17);
  q[17] = 1;
  free(p);
  *p = 1;
}
// Some are not too bad to be judged.
// CHECK: {0: {{[1-9][0-9]*}}, 1: {{[1-9]}}
