// If this fails, the distance of an overrun is wrong: in the gap that alignment
// leaves after an odd size nothing is seen, behind it everything is, up to the
// whole width of the guard page.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 73 2>&1 | %check %s --check-prefix=SILENT
// RUN: %run %t 79 2>&1 | %check %s --check-prefix=SILENT
// RUN: %run %t 80 2>&1 | %check %s --check-prefix=NEAR
// RUN: %run %t 4175 2>&1 | %check %s --check-prefix=FAR
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 79 2>&1 | %check %s --check-prefix=SILENT
// RUN: %run %t 80 2>&1 | %check %s --check-prefix=NEAR
#include <stdio.h>
#include <stdlib.h>

static void *volatile Seen; // Others may see the object: it is aligned.

int main(int argc, char **argv) {
  volatile char *P = malloc(73);
  Seen = (void *)P;
  printf("read %d\n", P[atoi(argv[1])] & 0);
  free((void *)P);
}
// SILENT-NOT: HeapFence
// SILENT: {{^}}read 0

// NEAR: heap-buffer-overflow
// NEAR: {{^}}READ at [[P:0x[0-9a-f]+]] thread T0
// NEAR: {{^}}[[P]] is located 7 bytes after 73-byte region [
// NEAR: {{^}}read 0

// FAR: heap-buffer-overflow
// FAR: {{^}}READ at [[P:0x[0-9a-f]+]] thread T0
// FAR: {{^}}[[P]] is located 4102 bytes after 73-byte region [
// FAR: {{^}}read 0
