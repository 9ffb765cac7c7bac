// If this fails, a wrong option is taken silently, told in more than a line, or
// keeps the program or the other options from working.
// RUN: %clang -O1 %s -o %t
// RUN: env HF=slot=1:max_live=0:seed=-1:symbolize=maybe:placement=up:verbosity:on_error=exit:exitcode=7777 %run %t > %t.log 2>&1 || true
// RUN: %check %s < %t.log
// RUN: env HF=log_path='"/tmp:unfinished' %run %t 2>&1 | %check %s --check-prefix=QUOTE
// RUN: env HF='placement=left,,seed=0x10 :symbolize=no' %run %t 2>&1 | %check %s --check-prefix=GOOD
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile P = malloc(10);
  *P = 'x';
  putchar(*P);
  free(P);
}
// CHECK:      {{^}}==[[PID:[0-9]+]]==HeapFence: option 'slot' is unknown; help=1 lists the options
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'max_live' wants a number from 1 to 65536
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'seed' wants a number from 0 to
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'symbolize' wants 0 or 1
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'placement' wants one of left|right|random
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'verbosity' has no value
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: option 'exitcode' wants a number from 0 to 255
// CHECK-NEXT: {{^}}x

// QUOTE:      {{^}}==[[#]]==HeapFence: option 'log_path' has no closing quote
// QUOTE-NEXT: {{^}}x

// GOOD-NOT: HeapFence
// GOOD: {{^}}x
