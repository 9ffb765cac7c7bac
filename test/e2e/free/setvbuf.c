// If this fails, a guarded buffer cannot serve the C library and the kernel as
// a stream's buffer.
// RUN: %clang -O0 %s -o %t
// RUN: %run %t > %t.out 2>&1
// RUN: %check %s < %t.out
// RUN: %clang -O2 %s -o %t
// RUN: %run %t > %t.out 2>&1
// RUN: %check %s < %t.out
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile Buffer = malloc(100);
  setvbuf(stdout, Buffer, _IOFBF, 100);
  for (int I = 0; I != 200; ++I)
    printf("%d,", I);
  puts("end");
  setvbuf(stdin, NULL, _IONBF, 0);
  fclose(stdout);
  free(Buffer);
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}0,1,2,3,{{.*}},197,198,199,end{{$}}
