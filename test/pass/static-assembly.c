// If this fails, a closed static branch costs more than a nop, or is not where the
// runtime can write it.
// RUN: %clang %static -O2 -fno-pic -S %s -o - | %check %s
// RUN: %clang %static -O2 -fPIE -S %s -o - | %check %s
// RUN: %clang %static -O2 -fPIC -S %s -o - | %check %s
#include <stdlib.h>
// CHECK-NOT: __heapfence_countdown
// LLVM 16 makes the slow side's frame before the branch.
void *allocate(size_t n) { return malloc(n); }
// CHECK-LABEL: {{^}}allocate:
// CHECK:       {{^}}	#APP
// CHECK-NEXT:  {{^}}	.p2align	3, {{(0x90)?}}, 4
// CHECK-NEXT:  {{^}}.Lheapfence_branch[[N:[0-9]+]]:
// CHECK-NEXT:  {{^}}	.byte	15
// CHECK-NEXT:  {{^}}	.byte	31
// CHECK-NEXT:  {{^}}	.byte	68
// CHECK-NEXT:  {{^}}	.byte	0
// CHECK-NEXT:  {{^}}	.byte	0
// CHECK-NEXT:  {{^}}	.section	heapfence_branches,"ao",@progbits,.Lheapfence_branch[[N]]
// CHECK-NEXT:  {{^}}	.p2align	2
// CHECK:       {{^}}	.long	.Lheapfence_branch[[N]]-
// CHECK:       {{^}}	.long	[[SLOW:.L[A-Z0-9_]+]]-
// CHECK:       {{^}}	.long	.L__heapfence_sites{{.*}}-
// CHECK:       {{^}}	#NO_APP
// CHECK-NOT:   {{^}}	{{(mov|push|cmp|test|sub|add|lea|j[a-ln-z])}}
// CHECK:       {{^}}	jmp{{	malloc|q	\*malloc@GOTPCREL\(%rip\)}}
// CHECK-NEXT:  {{^}}[[SLOW]]:
// CHECK:       {{^}}	{{leaq|movl}}	{{.*}}__heapfence_sites{{.*}}, %r10{{d?$}}
// CHECK:       {{^}}	callq	__heapfence_slow.malloc

// Everything that the caller keeps in registers stays there.
int keep(int a, int b, int c, char **out) {
  *out = malloc(a);
  return a * b + c;
}
// CHECK-LABEL: {{^}}keep:
// CHECK-NOT:   Spill
// CHECK:       .Lheapfence_branch
// CHECK:       #NO_APP
// CHECK-NEXT:  # %bb
// CHECK-NEXT:  {{^}}	callq	{{malloc|\*malloc@GOTPCREL\(%rip\)}}
// CHECK-NOT:   Spill
// CHECK:       .Lfunc_end
