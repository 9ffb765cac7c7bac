// If this fails, a guarded copy of a string differs from the C library's.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clang -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  volatile char Three[3] = {'a', 'b', 'c'};
  char *volatile Unterminated = (char *)Three;
  char *volatile Copies[] = {strdup(""), strdup("text"), strndup("text", 2),
                             strndup("text", 9), strndup("text", 0),
                             strndup(Unterminated, 3)};
  for (int I = 0; I != 6; ++I) {
    printf("'%s'%zu ", Copies[I], strlen(Copies[I]));
    free(Copies[I]);
  }
  puts("");
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}''0 'text'4 'te'2 'text'4 ''0 'abc'3
