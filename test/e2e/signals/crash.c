// If this fails, a crash that is not ours ends the program in another way than
// without us, or is reported.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c '"$0" "$1" null 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" kill 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" raise 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" wild 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" far 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" bus 2>&1; echo status $?' %run %t | %check %s --check-prefix=BUS
// RUN: %clang -O2 %s -o %t
// RUN: sh -c '"$0" "$1" null 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c '"$0" "$1" kill 2>&1; echo status $?' %run %t | %check %s
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv) {
  void *volatile P = malloc(10); // The runtime is on.
  free(P);
  switch (argv[1][0]) {
  case 'n':
    return *(volatile char *)NULL;
  case 'k':
    return kill(getpid(), SIGSEGV);
  case 'r':
    return raise(SIGSEGV);
  case 'w':
    return *(volatile char *)0x123456789000;
  case 'f': // Not canonical: the kernel tells no address.
    return *(volatile char *)0x7fff123456789000;
  case 'b': // Behind the end of a mapped file.
    return *(volatile char *)mmap(NULL, 4096, PROT_READ, MAP_SHARED,
                                  fileno(tmpfile()), 0);
  }
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}status 139{{$}}

// BUS-NOT: HeapFence
// BUS: {{^}}status 135{{$}}
