// If this fails, each free of the process, guarded or not, executes more
// instructions than the range test and the jump.
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'objdump -d --no-show-raw-insn --disassemble=cfree "$0"' %t | %check %s
#include <stdlib.h>

int main(void) { free(malloc(1)); }
// CHECK:      <cfree>:
// CHECK-NEXT: mov %rdi,%rax
// CHECK-NEXT: shr $0x1e,%rax
// CHECK-NEXT: cmp 0x{{[0-9a-f]+}}(%rip),%rax {{.*}}TheWindow
// CHECK-NEXT: jne [[#%x,HEAP:]] <cfree
// CHECK-NEXT: jmp {{.*}}freeSlow
// CHECK-NEXT: [[#HEAP]]: {{.*}}jmp *0x{{[0-9a-f]+}}(%rip) {{.*}}Free
