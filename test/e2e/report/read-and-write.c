// If this fails, a program run as tools/demo does gives no symbolized report of a READ and
// of a WRITE, each with the right access, object and lines.
// RUN: %clang -O0 -g %s -o %t
// RUN: env HEAPFENCE_OPTIONS=sample_every=1:verbosity=1:placement=right %t 2>&1 | %check %s
#include <stdio.h>
#include <stdlib.h>

static char *make(size_t Size) { return malloc(Size); }

static void drop(char *P) { free(P); }

static void fill(char *P, size_t Size) {
  for (size_t I = 0; I <= Size; ++I)
    P[I] = 'x';
}

static char third(const char *P) { return P[2]; }

int main(void) {
  char *Filled = make(32), *Gone = make(40);
  fill(Filled, 32);
  drop(Gone);
  printf("%d\n", third(Gone));
}
// CHECK:      HeapFence: on: 255 live objects,
// CHECK:      ERROR: HeapFence: heap-buffer-overflow on address [[A:0x[0-9a-f]+]] at pc
// CHECK:      {{^}}==[[#]]==HeapFence: symbolized:
// CHECK-NEXT: {{^}}WRITE at [[A]] thread T0
// CHECK-NEXT: {{^}}    #0 {{.*}} in fill {{.*}}read-and-write.c:[[#@LINE-15]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}read-and-write.c:[[#@LINE-9]]:
// CHECK:      {{^}}[[A]] is located 0 bytes after 32-byte region
// CHECK-NEXT: {{^}}allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in make {{.*}}read-and-write.c:[[#@LINE-25]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}read-and-write.c:[[#@LINE-14]]:
// CHECK:      {{^}}SUMMARY: HeapFence: heap-buffer-overflow {{.*}}read-and-write.c:[[#@LINE-21]]:{{[0-9]+}} in fill
// CHECK:      ERROR: HeapFence: heap-use-after-free on address [[B:0x[0-9a-f]+]] at pc
// CHECK:      {{^}}==[[#]]==HeapFence: symbolized:
// CHECK-NEXT: {{^}}READ at [[B]] thread T0
// CHECK-NEXT: {{^}}    #0 {{.*}} in third {{.*}}read-and-write.c:[[#@LINE-22]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}read-and-write.c:[[#@LINE-17]]:
// CHECK:      {{^}}[[B]] is located 2 bytes inside of 40-byte region
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in drop {{.*}}read-and-write.c:[[#@LINE-33]]:
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in make {{.*}}read-and-write.c:[[#@LINE-37]]:
// CHECK:      {{^}}SUMMARY: HeapFence: heap-use-after-free {{.*}}read-and-write.c:[[#@LINE-29]]:{{[0-9]+}} in third
