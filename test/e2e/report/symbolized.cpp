// If this fails, the report is not symbolized on the spot: functions, files and
// lines in all three stacks, and in the summary.
// RUN: %clangxx -O0 -g %s -o %t
// RUN: env HF=symbolize=1 %run %t 2>&1 | %check %s
// RUN: %clangxx -O2 -g %s -o %t
// RUN: env HF=symbolize=1 %run %t 2>&1 | %check %s
// RUN: env HF=symbolize=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <cstdio>

namespace shapes {
struct Square {
  volatile int Side = 3;
  __attribute__((noinline)) int area() { return Side * Side; }
};
__attribute__((noinline)) Square *make() { return new Square; }
__attribute__((noinline)) void drop(Square *S) { delete S; }
} // namespace shapes

int main(int argc, char **argv) {
  shapes::Square *volatile S = shapes::make();
  std::printf("area %d\n", S->area());
  drop(S);
  if (argc == 1)
    S->area();
}
// CHECK: ERROR: HeapFence: heap-use-after-free
// CHECK: {{^}}==[[#]]==HeapFence: symbolized:
// CHECK-NEXT: {{^}}READ at
// CHECK-NEXT: {{^}}    #0 {{.*}} in shapes::Square::area() {{.*}}symbolized.cpp:[[#@LINE-16]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}symbolized.cpp:
// CHECK: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in shapes::drop(shapes::Square*) {{.*}}symbolized.cpp:[[#@LINE-16]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}symbolized.cpp:
// CHECK: {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in shapes::make() {{.*}}symbolized.cpp:[[#@LINE-20]]:51 (
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}symbolized.cpp:
// CHECK: {{^}}SUMMARY: HeapFence: heap-use-after-free {{.*}}symbolized.cpp:[[#@LINE-24]]:{{[0-9]+}} in shapes::Square::area()
// CHECK-NEXT: {{^}}area 9

// FIXED-NOT: HeapFence
// FIXED: {{^}}area 9
