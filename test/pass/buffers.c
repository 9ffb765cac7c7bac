// If this fails, calls that hand buffers to the C library are not checked as the
// table says, a site of one grows, or calls are changed that must not be.
// RUN: %clang -O1 -S -emit-llvm %s -o - | %check %s --check-prefixes=CHECK,FEW
// RUN: %clang -O1 -S -emit-llvm -Xclang -mllvm -Xclang -heapfence-memory-buffers %s -o - | %check %s --check-prefixes=CHECK,ALL
// RUN: %clang -O1 -S -emit-llvm -Xclang -mllvm -Xclang -heapfence-buffers=0 %s -o - | %check %s --check-prefix=OFF
// RUN: %clang -O1 -S %s -o - | %check %s --check-prefix=ASM
// RUN: %clang -O1 -S -Xclang -mllvm -Xclang -heapfence-memory-buffers %s -o - | %check %s --check-prefix=MEMORY
// OFF-NOT: __heapfence_check
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// CHECK-LABEL: define{{.*}} @from_kernel(
// CHECK: call i64 @__heapfence_check.read(i32
// ASM-LABEL: from_kernel:
// ASM: jmp __heapfence_check.read
long from_kernel(int fd, char *p, size_t n) { return read(fd, p, n); }

// CHECK-LABEL: define{{.*}} @copies(
// FEW: call void @llvm.memcpy
// FEW: call void @llvm.memset
// ALL: call ptr @__heapfence_check.memcpy(ptr %{{.*}}, ptr %{{.*}}, i64 %{{.*}})
// ALL: call ptr @__heapfence_check.memset(ptr %{{.*}}, i32 %{{.*}}, i64 %{{.*}})
void copies(char *p, char *q, size_t n, char c) {
  memcpy(p, q, n);
  memset(q, c, n);
}

// Short copies are inline; what is on the stack or static is not on the heap.
// CHECK-LABEL: define{{.*}} @left_alone(
// CHECK-NOT: __heapfence_check
// CHECK: ret
extern void use(char *);
static char elsewhere[1000];
void left_alone(char *p, char *q, size_t n) {
  char here[1000];
  memcpy(p, q, 64);
  memset(here, 0, n);
  read(0, elsewhere, n);
  use(here), use(elsewhere);
}

// CHECK-LABEL: define{{.*}} @formats(
// CHECK: call i32 (ptr, i64, ptr, ...) @__heapfence_check.snprintf(ptr
int formats(char *p, size_t n) { return snprintf(p, n, "%d%f", 1, 2.0); }

// A function of the program's own with such a name, and another prototype.
// CHECK-LABEL: define{{.*}} @own(
// CHECK: call{{.*}} @getcwd(
// CHECK-NOT: __heapfence_check
// CHECK: ret
__attribute__((noinline)) char *getcwd(char *p, size_t n) {
  *(volatile char *)p = (char)n;
  return p;
}
char *own(char *p) { return getcwd(p, 20); }

// CHECK: define linkonce_odr hidden i64 @__heapfence_check_slow.read(
// CHECK: call void asm {{.*}}(ptr @__heapfence_buffers, ptr @read, ptr @__heapfence_check_buffers)
// CHECK: define linkonce_odr hidden i64 @__heapfence_check.read(i32 %0, ptr %1, i64 %2) {{.*}} section "heapfence_text" comdat
// CHECK: load i64, ptr @__heapfence_buffer_window
// CHECK: musttail call i64 @__heapfence_check_slow.read(
// CHECK: musttail call i64 @read(
// CHECK: define linkonce_odr hidden i32 @__heapfence_check.snprintf(ptr %0, i64 %1, ptr %2, ...)
// CHECK: musttail call i32 (ptr, i64, ptr, ...) @snprintf(

// A test and a jump.
// ASM-LABEL: __heapfence_check.read:
// ASM: movq %rsi, %rax
// ASM-NEXT: shrq $30, %rax
// ASM-NEXT: cmpq __heapfence_buffer_window(%rip), %rax
// ASM-NEXT: {{je|jne}}
// ASM-NOT: push
// ASM: .size __heapfence_check.read

// One test of both, of a bit.
// MEMORY-LABEL: __heapfence_check.memcpy:
// MEMORY: movq %{{rsi|rdi}}, %rax
// MEMORY-NEXT: andq %{{rsi|rdi}}, %rax
// MEMORY-NEXT: btq $46, %rax
// MEMORY-NEXT: jae
// MEMORY: jmpq *memcpy@GOTPCREL(%rip)
