// If this fails, some optimization level leaves calls out, or guards them twice.
// RUN: %clang -O0 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O1 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O2 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O3 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -Og -S -emit-llvm %s -o - | %check %s
// RUN: %clang -Os -S -emit-llvm %s -o - | %check %s
// RUN: %clang -Oz -S -emit-llvm %s -o - | %check %s
// RUN: %clang -Ofast -w -S -emit-llvm %s -o - | %check %s
#include <stdlib.h>
void *allocate(size_t n) { return malloc(n); }
void *change(void *p, size_t n) { return realloc(p, n); }
void release(void *p) { free(p); }
// Allocations in place or by the cold helper; each once, after the records.
// CHECK:     @__heapfence_sites{{.*}} = private constant [1 x
// CHECK-NOT: (ptr nest @
// CHECK:     define {{.*}}@allocate(
// CHECK:     call {{.*}}@__heapfence_{{slow|cold}}.malloc(ptr nest @__heapfence_sites
// CHECK-NOT: (ptr nest @
// CHECK:     define {{.*}}@change(
// CHECK:     call {{.*}}@__heapfence_{{slow|cold}}.realloc(ptr nest @__heapfence_sites
// CHECK-NOT: (ptr nest @
// CHECK:     define {{.*}}@release(
// CHECK:     call void @free(
// CHECK-NEXT: call void asm sideeffect ".Lheapfence_return
// CHECK-NOT: (ptr nest @
// CHECK-NOT: asm sideeffect
