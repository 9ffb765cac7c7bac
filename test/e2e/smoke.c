// RUN: %clang -O2 -g %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdlib.h>
// CHECK: heap-buffer-overflow
int main(void){ char *volatile p=malloc(16); p[16]=1; return 0;}
