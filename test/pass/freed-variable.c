// If this fails, a call that frees a variable for sure is compiled without a warning,
// or one that may free an object gets one.
// RUN: %clang -O2 -g -Wno-free-nonheap-object -c %s -o %t.o 2>&1 | %check %s
// RUN: %clang -O2 -Wno-free-nonheap-object -c %s -o %t.o 2>&1 | %check %s
// RUN: %clang -O2 -c -DFIXED %s -o %t.o 2>&1 | %check %s --check-prefix=FIXED --allow-empty
// RUN: not %clang -O2 -Werror -Wno-free-nonheap-object -c %s -o %t.o
#include <stdlib.h>

void use(void *);
static void release(char *P, int Offset) {
  free(P - Offset);
}
static char Static[100];

void local(void) {
  char Local[100];
  use(Local);
#ifndef FIXED
  release(Local + 8, 8);
#endif
}
// CHECK: freed-variable.c:[[#@LINE-11]]:3:{{.*}} warning: {{.*}}free of memory on the stack, which is not from the heap

void global(void) {
#ifndef FIXED
  release(Static, 0);
#endif
  use(Static);
}
// CHECK: freed-variable.c:[[#@LINE-19]]:3:{{.*}} warning: {{.*}}free of memory in static memory, which is not from the heap

// Which of them, nobody knows yet.
void either(size_t Size) {
  char Local[100], *P = Size > sizeof(Local) ? malloc(Size) : Local;
  use(P);
  release(P, 0);
}
// CHECK-NOT: warning:
// FIXED-NOT: {{.}}
