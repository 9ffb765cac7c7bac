// If this fails, HEAPFENCE_RUNTIME=shared gives a program that does not run
// from anywhere, or is guarded less well.
// RUN: env HEAPFENCE_RUNTIME=shared %clangxx -O0 %s -o %t
// RUN: cd / && %run %t 2>&1 | %check %s
// RUN: env HEAPFENCE_RUNTIME=shared %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <cstdio>
#include <string>

int main(int argc, char **argv) {
  std::string *volatile Text = new std::string(100, 'x');
  Text->append(200, 'y');
  std::size_t Size = Text->size();
  delete Text;
  if (argc == 1)
    Size += Text->size();
  std::printf("size %zu\n", Size);
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}READ at [[P:0x[0-9a-f]+]] thread T0
// CHECK:      {{^}}[[P]] is located 8 bytes inside of 32-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}runtime.cpp:[[#@LINE-9]]:3 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}runtime.cpp:[[#@LINE-14]]:32 (
// CHECK:      {{^}}size 300

// FIXED-NOT: HeapFence
// FIXED: {{^}}size 300
