// If this fails, a log is flooded in spite of max_reports or reports_per_minute,
// reports are dropped without a word, or errors are not handled any more.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'HF=max_reports=2:verbosity=1 "$0" "$1" > "$1.log" 2>&1' %run %t
// RUN: %check %s --check-prefixes=TWO,ALL --implicit-check-not=ERROR < %t.log
// RUN: sh -c 'HF=reports_per_minute=2:verbosity=1 "$0" "$1" > "$1.log" 2>&1' %run %t
// RUN: %check %s --check-prefixes=TWO,MINUTE --implicit-check-not=ERROR < %t.log
// RUN: sh -c 'HF=max_reports=3:reports_per_minute=10:verbosity=1 "$0" "$1" > "$1.log" 2>&1' %run %t
// RUN: grep -c ERROR %t.log | %check %s --check-prefix=THREE
// RUN: env HF=max_reports=1:reports_per_minute=1 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'HF=max_reports=2:verbosity=1 "$0" "$1" > "$1.log" 2>&1' %run %t
// RUN: %check %s --check-prefixes=TWO,ALL --implicit-check-not=ERROR < %t.log
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  volatile char *P[5];
  for (int I = 0; I != 5; ++I)
    free((void *)(P[I] = malloc(10 + I)));
  for (int I = 0; I != 5 && argc == 1; ++I)
    P[I][I] = 1;
  puts("done");
}
// TWO:         HeapFence: on:
// TWO-NEXT:    ERROR: HeapFence: heap-use-after-free
// TWO:         inside of 10-byte region
// TWO:         ERROR: HeapFence: heap-use-after-free
// TWO:         inside of 11-byte region
// TWO:         SUMMARY
// ALL-NEXT:    {{^}}==[[#]]==HeapFence: no more reports: max_reports=2{{$}}
// MINUTE-NEXT: {{^}}==[[#]]==HeapFence: no more reports for up to a minute: reports_per_minute=2{{$}}
// TWO-NEXT:    2 reports, 3 reports dropped: limit,
// TWO-NEXT:    {{^}}done

// THREE: {{^}}3{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
