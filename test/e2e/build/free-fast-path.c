// If this fails, each free of the process, guarded or not, executes more
// instructions than a test of one bit and a jump: by the addresses of most objects it is
// not guarded. Those in the lower half of the address space take another bit. On arm64,
// where these tell less: more than five, and the jump; the top byte, a tag, is no matter.
// RUN: %clang -O2 %s -o %t
// RUN: %objdump -d --disassemble-symbols=cfree %t | %check %s %if cpu-aarch64 %{ --check-prefix=ARM64 %}
#include <stdlib.h>

int main(void) { free(malloc(1)); }
// CHECK:      <cfree>:
// CHECK:      {{ }}btq $0x2e, %rdi
// CHECK-NEXT: {{ }}jae 0x[[#%x,LOWER:]] <
// CHECK-NEXT: [[#%x,HEAP:]]: {{.*}}jmpq *0x{{[0-9a-f]+}}(%rip) {{.*}}Free
// CHECK-NEXT: [[#LOWER]]: {{.*}}btq $0x2d, %rdi
// CHECK-NEXT: {{ }}jae 0x[[#HEAP]] <
// CHECK-NEXT: {{ }}movq %rdi, %rax
// CHECK-NEXT: {{ }}shrq $0x1e, %rax
// CHECK-NEXT: {{ }}cmpw 0x{{[0-9a-f]+}}(%rip), %ax {{.*}}TheWindow
// CHECK-NEXT: {{ }}jne 0x[[#HEAP]] <
// CHECK-NEXT: {{ }}jmp {{.*}}freeSlow
// ARM64:      <cfree>:
// ARM64:      bti c
// ARM64-NEXT: adrp x[[P:[0-9]+]],
// ARM64-NEXT: ubfx x[[H:[0-9]+]], x0, #30, #26
// ARM64-NEXT: ldr w[[W:[0-9]+]], [x[[P]],
// ARM64-NEXT: cmp w[[H]], w[[W]]
// ARM64-NEXT: b.ne 0x[[#%x,HEAP:]] <
// ARM64-NEXT: b {{.*}}freeSlow
// ARM64-NEXT: [[#HEAP]]: {{.*}}adrp x[[P:[0-9]+]],
// ARM64-NEXT: ldr x16, [x[[P]],
// ARM64-NEXT: br x16
