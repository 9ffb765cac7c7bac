// If this fails, memory that instrumented code got from new cannot be given
// back by the C++ library's own compiled code, or the other way round.
// RUN: %clangxx -O0 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -I%S/../../../runtime/include %s -o %t
// RUN: %run %t 2>&1 | %check %s
#include <heapfence/heapfence.h>
#include <locale>
#include <sstream>
#include <stdio.h>
#include <string>

struct Marks : std::numpunct<char> {
  char do_thousands_sep() const override { return '_'; }
  std::string do_grouping() const override { return "\3"; }
};

int main() {
  Marks *M = new Marks;
  printf("guarded %d\n", heapfence_is_guarded(M));
  std::ostringstream Out;
  Out.imbue(std::locale(std::locale::classic(), M)); // Owns and deletes it.
  Out << 1234567 << std::string(40, '-');
  std::string Text = Out.str();
  for (int I = 0; I != 1000; ++I)
    Text.append("0123456789"), Text.insert(0, "x");
  printf("%zu %s\n", Text.size(), Text.substr(1000, 20).c_str());
}
// CHECK-NOT: HeapFence
// CHECK:      {{^}}guarded 1
// CHECK-NEXT: {{^}}11049 1_234_567-----------
