// If this fails, objects of the nothrow operators, or of operator new called by
// name, are not guarded.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <new>
#include <stdio.h>

int main(int argc, char **argv) {
  volatile long *P = new (std::nothrow) long(1);
  volatile char *Q = static_cast<char *>(::operator new(20));
  delete P;
  ::operator delete((void *)Q);
  if (argc == 1) {
    *P = 2;
    Q[19] = 2;
  }
  puts("done");
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[P]] is located 0 bytes inside of 8-byte region [
// CHECK: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}nothrow.cpp:[[#@LINE-12]]:3 (
// CHECK: {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}nothrow.cpp:[[#@LINE-16]]:22 (
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}WRITE at [[Q:0x[0-9a-f]+]] thread T0{{$}}
// CHECK: {{^}}[[Q]] is located 19 bytes inside of 20-byte region [
// CHECK: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}nothrow.cpp:[[#@LINE-18]]:3 (
// CHECK: {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}nothrow.cpp:[[#@LINE-22]]:42 (
// CHECK: {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
