// If this fails, code that is compiled as freestanding, without built-in
// functions or without optimization is not guarded.
// RUN: %clang -O2 -fno-builtin -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O2 -fno-builtin-malloc -fno-builtin-free -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O2 -ffreestanding -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O0 -S -emit-llvm %s -o - | %check %s
// RUN: %clang -O0 -fno-builtin -S -emit-llvm %s -o - | %check %s
typedef __SIZE_TYPE__ size_t;
void *malloc(size_t);
void free(void *);
// CHECK-LABEL: define {{.*}}@allocate(
void *allocate(size_t n) { return malloc(n); }
// CHECK: call {{.*}}@__heapfence_slow.malloc(ptr nest
// CHECK-LABEL: define {{.*}}@release(
void release(void *p) { free(p); }
// CHECK: call void @free(
// CHECK-NEXT: call void asm sideeffect ".Lheapfence_return
