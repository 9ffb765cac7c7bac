// If this fails, freeing null pointers is not the no-op that it must be.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

int main() {
  void *volatile Null = nullptr;
  free(Null);
  delete static_cast<int *>(Null);
  delete[] static_cast<int *>(Null);
  ::operator delete(Null);
  puts("done");
}
// CHECK-NOT: HeapFence
// CHECK: {{^}}done
