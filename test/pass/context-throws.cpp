// If this fails, a program whose allocation wrappers throw, take many arguments,
// or are called through a pointer, breaks when its calls are guarded.
// RUN: %clangxx -O0 %s -c -o %t.o && %plainxx %t.o %S/Inputs/arm.cpp -o %t && %t | %check %s
// RUN: %clangxx -O2 %s -c -o %t.o && %plainxx %t.o %S/Inputs/arm.cpp -o %t && %t | %check %s
// RUN: %clangxx -Oz -fPIC %s -c -o %t.o && %plainxx %t.o %S/Inputs/arm.cpp -o %t && %t | %check %s
#include <cstdio>
#include <cstdlib>
extern "C" __attribute__((noinline)) void *
my_alloc(int a, short b, unsigned char c, double d, long e, int f, char g,
         short h, long i) {
  if (a < 0)
    throw a;
  std::printf("%d %d %d %.1f %ld %d %d %d %ld\n", a, b, c, d, e, f, g, h, i);
  return std::malloc(1);
}
__attribute__((noinline, malloc)) static void *own_alloc(int n, short s) {
  std::printf("%d %d\n", n, s);
  return std::malloc(1);
}
void *(*hook_alloc)(int, short) = own_alloc;
int main(int argc, char **) {
  try {
    std::free(my_alloc(argc, -2, 250, 4.5, 5, 6, -7, -8, 9));
    std::free(own_alloc(argc + 1, -3));
    std::free(hook_alloc(argc + 2, -4));
    std::free(my_alloc(-argc, -2, 250, 4.5, 5, 6, -7, -8, 9));
  } catch (int thrown) {
    std::printf("thrown: %d\n", thrown);
  }
}
// CHECK:      arm
// CHECK-NEXT: 1 -2 250 4.5 5 6 -7 -8 9
// CHECK-NEXT: disarm
// CHECK-NEXT: arm
// CHECK-NEXT: 2 -3
// CHECK-NEXT: disarm
// CHECK-NEXT: arm
// CHECK-NEXT: 3 -4
// CHECK-NEXT: disarm
// CHECK-NEXT: arm
// CHECK-NEXT: thrown: -1
