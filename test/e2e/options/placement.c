// If this fails, placement does not put objects where it says, or random does
// not use both ends.
// RUN: %clang -O1 -I%S/../../../runtime/include %s -o %t
// RUN: env HF=placement=left %run %t | %check %s --check-prefix=LEFT
// RUN: env HF=placement=right %run %t | %check %s --check-prefix=RIGHT
// RUN: env HF=placement=random %run %t | %check %s --check-prefix=RANDOM
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int Left = 0, Right = 0;
  for (int I = 0; I != 100; ++I) {
    char *volatile P = malloc(64);
    Left += (uintptr_t)P % 4096 == 0;
    Right += (uintptr_t)(P + 64) % 4096 == 0;
    free(P);
  }
  printf("left %d right %d\n", Left, Right);
}
// LEFT: {{^}}left 100 right 0{{$}}
// RIGHT: {{^}}left 0 right 100{{$}}
// RANDOM: {{^}}left {{[3-6][0-9]}} right {{[3-6][0-9]}}{{$}}
