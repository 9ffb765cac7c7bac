// If this fails, a bad rule is taken silently, or keeps others from holding; a
// missing file goes unseen; rules that were never used cannot be found out.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'printf "# rules\nkind:double-free\nfan:x\nfun:nobody\nmodule:\n" > %t.rules'
// RUN: env HF=verbosity=1:suppressions=%t.rules %run %t > %t.log 2>&1
// RUN: %check %s --implicit-check-not=ERROR < %t.log
// RUN: env HF=suppressions=%t.rules %run %t > %t.log 2>&1
// RUN: %check %s --check-prefix=QUIET < %t.log
// RUN: env HF=suppressions=%t.none:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=MISSING
// RUN: env HF=suppressions=%S:verbosity=1 %run %t 2>&1 | %check %s --check-prefix=DIRECTORY
// RUN: env HF=suppressions=%t.rules:enabled=0 %run %t fixed 2>&1 | %check %s --check-prefix=OFF
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(10);
  free(P);
  if (argc == 1)
    free(P);
  puts("done");
}
// CHECK:      {{^}}==[[PID:[0-9]+]]==HeapFence: suppressions: [[RULES:/.*\.rules]]:3: 'fan:x' is left out: want kind:, fun:, src: or module:
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: suppressions: [[RULES]]:5: 'module:' is left out: it has no pattern
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: on:
// CHECK-NEXT: 0 reports, 1 reports suppressed, 2 suppression rules, 1 of those used,
// CHECK-NEXT: {{^}}==[[PID]]==HeapFence: suppressions: [[RULES]]:4: 'fun:nobody' was never used
// CHECK-NEXT: {{^}}done

// QUIET:      3: 'fan:x' is left out
// QUIET-NEXT: 5: 'module:' is left out
// QUIET-NEXT: {{^}}done

// MISSING:      HeapFence: suppressions: /{{.*}}.none cannot be opened{{$}}
// MISSING-NEXT: HeapFence: on:
// MISSING-NEXT: ERROR: HeapFence: double-free
// MISSING:      {{^}}done

// DIRECTORY: HeapFence: suppressions: /{{.*}} is no regular file{{$}}
// DIRECTORY: ERROR: HeapFence: double-free

// OFF-NOT: HeapFence
// OFF: {{^}}done
