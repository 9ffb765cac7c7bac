// If this fails, a report of a corruption shows bytes that may be secret, or not
// those that were found when it is asked to.
// RUN: %clang -O0 %s -o %t
// RUN: env HF=placement=left %run %t 2>&1 | %check %s --check-prefixes=BOTH,HIDDEN
// RUN: env HF=placement=left:show_bytes=1 %run %t 2>&1 | %check %s --check-prefixes=BOTH,SHOWN
// RUN: env HF=placement=left:show_bytes=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *volatile p = malloc(20);
  // Different bytes: one of them may be what was there.
  if (argc == 1) {
    for (int i = 0; i < 9; ++i)
      p[21 + i] = "abcdefgh"[i];
    p[60] ^= 1;
  }
  free((void *)p);
  puts("done");
}
// BOTH: is located {{[1-9]+}} byte{{s?}} after 20-byte region [
// BOTH-NEXT: {{^}}{{9|10}} bytes changed:
// BOTH-NEXT: {{^}}    0x{{[0-9a-f]+}}0: -- -- -- -- ..
// HIDDEN-SAME: {{( (\*\*|\.\.)){11}$}}
// SHOWN-SAME: {{(61|\.\.) (62|\.\.) (63|\.\.) (64|\.\.) (65|\.\.) (66|\.\.) (67|\.\.) (68|\.\.) (00|\.\.) \.\. \.\.$}}
// BOTH-NEXT: {{^}}    0x{{[0-9a-f]+}}0: .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..
// BOTH-NEXT: {{^}}    0x{{[0-9a-f]+}}0: .. .. .. .. .. .. .. .. .. .. .. ..
// HIDDEN-SAME: **
// BOTH: done
// FIXED-NOT: HeapFence
// FIXED: done
