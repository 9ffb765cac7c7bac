// If this fails, a site that was inlined is not told as the chain of calls that
// it stands in, without debug information.
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: strip %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t 2>&1 | %hf symbolize | %check %s --check-prefix=NAMES
#include <stdio.h>

struct Buffer {
  volatile char *Bytes;
  explicit Buffer(int Size) : Bytes(new char[Size]) {}
  void drop() { delete[] Bytes; }
};

int main() {
  Buffer B(33);
  B.drop();
  B.Bytes[2] = 1;
  puts("done");
}
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 [[F:0x[0-9a-f]+]] in {{.*}}drop{{.*}} {{.*}}site.cpp:[[#@LINE-10]]:{{[0-9]+}} (
// CHECK-NEXT: {{^}}    #1 [[F]] in main {{.*}}site.cpp:[[#@LINE-6]]:{{[0-9]+}} (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 [[A:0x[0-9a-f]+]] in {{.*}}Buffer{{.*}} {{.*}}site.cpp:[[#@LINE-14]]:37 (
// CHECK-NEXT: {{^}}    #1 [[A]] in main {{.*}}site.cpp:[[#@LINE-10]]:{{[0-9]+}} (
// CHECK:      {{^}}done

// NAMES: {{^}}freed by
// NAMES-NEXT: in {{.*}}drop{{.*}}site.cpp
