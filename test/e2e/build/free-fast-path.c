// If this fails, each free of the process, guarded or not, executes more
// instructions than a test of one bit and a jump: by the addresses of most objects it is
// not guarded. Those in the lower half of the address space take another bit.
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'objdump -d --no-show-raw-insn --disassemble=cfree "$0"' %t | %check %s
#include <stdlib.h>

int main(void) { free(malloc(1)); }
// CHECK:      <cfree>:
// CHECK-NEXT: bt $0x2e,%rdi
// CHECK-NEXT: jae [[#%x,LOWER:]] <cfree
// CHECK-NEXT: [[#%x,HEAP:]]: {{.*}}jmp *0x{{[0-9a-f]+}}(%rip) {{.*}}Free
// CHECK-NEXT: [[#LOWER]]: {{.*}}bt $0x2d,%rdi
// CHECK-NEXT: jae [[#HEAP]] <cfree
// CHECK-NEXT: mov %rdi,%rax
// CHECK-NEXT: shr $0x1e,%rax
// CHECK-NEXT: cmp 0x{{[0-9a-f]+}}(%rip),%ax {{.*}}TheWindow
// CHECK-NEXT: jne [[#HEAP]] <cfree
// CHECK-NEXT: jmp {{.*}}freeSlow
