// If this fails, a report is written into a file of the program's that got
// descriptor 2 after standard error was closed.
// RUN: %clang -O1 %s -o %t
// RUN: rm -f %t.data %t.data2
// RUN: %run %t %t.data 2> %t.err | %check %s
// RUN: %check %s --check-prefix=DATA < %t.data
// RUN: sh -c 'exec "$0" "$1" "$1.data2" 2>&-' %run %t | %check %s
// RUN: %check %s --check-prefix=DATA < %t.data2
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  close(2);
  int Fd = open(argv[1], O_CREAT | O_WRONLY, 0600);
  printf("descriptor %d\n", Fd);
  write(Fd, "data\n", 5);
  char *volatile P = malloc(10);
  free(P);
  P[1] = 1;
  write(Fd, "more\n", 5);
}
// CHECK: {{^}}descriptor 2{{$}}

// DATA-NOT: HeapFence
// DATA: {{^}}data
// DATA-NEXT: {{^}}more
