// If this fails, what std::string allocates out of line is never guarded: up to
// C++17 libstdc++.so would do it for the program.
// RUN: %clangxx -O0 -std=c++17 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -std=c++17 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 -std=c++11 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -std=c++20 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -std=c++17 -D_GLIBCXX_USE_CXX11_ABI=0 %s -o %t
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <string>

int main(int argc, char **argv) {
  std::string Text = argv[0];
  Text.append(100, '.'); // Not in the string itself any more.
  const char *volatile Old = Text.data();
  Text.append(1000, '.');
  if (argc > 1)
    Old = Text.data();
  volatile char Last = Old[99];
  (void)Last;
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}READ at [[P:0x[0-9a-f]+]]
// CHECK:      {{^}}[[P]] is located 99 bytes inside of
// CHECK:      {{^}}previously allocated
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
