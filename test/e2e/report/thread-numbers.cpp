// If this fails, the report mixes up who allocated, freed and used an object.
// RUN: %clangxx -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <thread>

static volatile char *volatile Shared;

static void allocate() { Shared = new char[40]; }
static void release() { delete[] Shared; }
static void use(bool HasBug) {
  if (HasBug)
    Shared[39] = 1;
}

int main(int argc, char **argv) {
  std::thread(allocate).join();
  std::thread(release).join();
  std::thread(use, argc == 1).join();
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T3{{$}}
// CHECK:      {{^}}[[P]] is located 39 bytes inside of 40-byte region [
// CHECK-NEXT: {{^}}freed by thread T2 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in {{.*}}release{{.*}} {{.*}}numbers.cpp:[[#@LINE-16]]:25 (
// CHECK:      {{^}}previously allocated by thread T1 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in {{.*}}allocate{{.*}} {{.*}}numbers.cpp:[[#@LINE-19]]:35 (
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
