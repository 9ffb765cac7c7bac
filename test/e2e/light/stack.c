// If this fails, reports of objects whose stacks were not unwound at once lack
// callers.
// RUN: %clang -O2 -g %s -o %t
// RUN: env HF=only_light=1:sample_every=0 %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %clang -O2 -g -fno-omit-frame-pointer %s -o %t
// RUN: env HF=only_light=1:sample_every=0 %run %t 2>&1 | %hf symbolize | %check %s
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static void *volatile p;
static volatile int depth;

NOINLINE static void take(void) {
  p = malloc(40);
  ++depth;
}
NOINLINE static void outer_take(void) {
  take();
  ++depth;
}
NOINLINE static void release(void) {
  free(p);
  ++depth;
}
NOINLINE static void outer_release(void) {
  release();
  ++depth;
}

int main(void) {
  outer_take();
  outer_release();
  free(p);
  puts("done");
}
// CHECK:      ERROR: HeapFence: double-free
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in release {{.*}}stack.c:
// CHECK-NEXT: {{^}}    #1 {{.*}} in outer_release {{.*}}stack.c:
// CHECK-NEXT: {{^}}    #2 {{.*}} in main {{.*}}stack.c:
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in take {{.*}}stack.c:
// CHECK-NEXT: {{^}}    #1 {{.*}} in outer_take {{.*}}stack.c:
// CHECK-NEXT: {{^}}    #2 {{.*}} in main {{.*}}stack.c:
// CHECK:      {{^}}done
