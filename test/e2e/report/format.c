// If this fails, the text that readers and parsers of reports know has changed.
// RUN: %clang -O0 -Wl,--build-id %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s --match-full-lines < %t.log
// RUN: %clang -O2 -Wl,--build-id %s -o %t
// RUN: %run %t > %t.log 2>&1
// RUN: %check %s --match-full-lines < %t.log
#include <stdlib.h>

int main(void) {
  volatile short *P = malloc(24);
  free((void *)P);
  P[5] = 1;
}
//      CHECK:==[[#PID:]]==ERROR: HeapFence: heap-use-after-free on address [[P:0x[0-9a-f]+]] at pc [[PC:0x[0-9a-f]+]] bp 0x{{[0-9a-f]+}} sp 0x{{[0-9a-f]+}}
// CHECK-NEXT:WRITE at [[P]] thread T0
// CHECK-NEXT:    #0 [[PC]] ([[EXE:/.*/format.c.tmp]]+[[OFFSET:0x[0-9a-f]+]]) (BuildId: [[ID:[0-9a-f]+]])
// CHECK-NEXT:    #1 0x{{[0-9a-f]+}} ({{/.*}}/libc.so.6+0x{{[0-9a-f]+}}) (BuildId: {{[0-9a-f]+}})
//      CHECK:[[P]] is located 10 bytes inside of 24-byte region [0x{{[0-9a-f]+}}e0,0x{{[0-9a-f]+}}f8) (heapfence-#1, {{(12 x short, index 5, )?}}site 0, 1st guarded here)
// CHECK-NEXT:freed by thread T0 here:
// CHECK-NEXT:    #0 0x{{[0-9a-f]+}} in main {{/.*}}/format.c:[[#@LINE-9]]:3 ([[EXE]]+0x{{[0-9a-f]+}}) (BuildId: [[ID]])
// CHECK-NEXT:    #1 0x{{[0-9a-f]+}} ({{/.*}}/libc.so.6+0x{{[0-9a-f]+}}) (BuildId: {{[0-9a-f]+}})
//      CHECK:previously allocated by thread T0 here:
// CHECK-NEXT:    #0 0x{{[0-9a-f]+}} in main {{/.*}}/format.c:[[#@LINE-13]]:23 ([[EXE]]+0x{{[0-9a-f]+}}) (BuildId: [[ID]])
// CHECK-NEXT:    #1 0x{{[0-9a-f]+}} ({{/.*}}/libc.so.6+0x{{[0-9a-f]+}}) (BuildId: {{[0-9a-f]+}})
//      CHECK:SUMMARY: HeapFence: heap-use-after-free ([[EXE]]+[[OFFSET]])
//  CHECK-NOT:{{.+}}
