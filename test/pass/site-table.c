// If this fails, a site record does not tell where its call is.
// RUN: %clang -O2 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O0 -fno-builtin -S -emit-llvm %s -o - | %check %s --check-prefix=O0
#include <stdlib.h>
__attribute__((always_inline)) static inline void *make(size_t n) {
  return malloc(n);
}
void *user(size_t n) {
  return make(n + 1);
}
// The file, the inlined function, line 6 and column 10, in one record; then
// the function it was inlined into.
// CHECK-DAG: @__heapfence_string{{.*}} c"{{.*}}site-table.c\00"
// CHECK-DAG: @__heapfence_string{{.*}} c"make\00"
// CHECK-DAG: @__heapfence_string{{.*}} c"user\00"
// 6 << 10 | 10 = 6154, 9 << 10 | 10 = 9226.
// CHECK-DAG: @__heapfence_sites = private constant {{.*}} i32 6154 }, {{.*}}section "heapfence_sites", align 4, !associated
// CHECK-DAG: @__heapfence_inlined_at = private constant {{.*}} i32 9226 }
// CHECK-DAG: @__heapfence_weights = private global [1 x i32] [i32 1073741824], section ".data.heapfence_weights"
// CHECK-DAG: @llvm.compiler.used = {{.*}}@__heapfence_sites
// CHECK-DAG: @llvm.global_ctors = {{.*}}{ i32 1, ptr @__heapfence_module_ctor, ptr @__heapfence_module_ctor }
// CHECK-DAG: @llvm.global_dtors = {{.*}}{ i32 1, ptr @__heapfence_module_dtor, ptr @__heapfence_module_dtor }
// O0: @__heapfence_sites
