// If this fails, on_error=exit does not end the program after the first report
// with the status that exitcode says.
// RUN: %clang -O0 %s -o %t
// RUN: sh -c 'HF=on_error=exit:exitcode=42 "$0" "$1" 2>&1; echo status $?' %run %t | %check %s
// RUN: sh -c 'HF=on_error=exit "$0" "$1" 2>&1; echo status $?' %run %t | %check %s --check-prefix=DEFAULT
// RUN: env HF=on_error=exit:exitcode=42 %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 %s -o %t
// RUN: sh -c 'HF=on_error=exit:exitcode=42 "$0" "$1" 2>&1; echo status $?' %run %t | %check %s
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(1), *volatile Q = malloc(1);
  free(P);
  free(Q);
  if (argc == 1)
    free(P), free(Q);
  puts("done");
}
// CHECK:     ERROR: HeapFence: double-free
// CHECK:     {{^}}SUMMARY: HeapFence: double-free
// CHECK-NOT: {{ERROR|done}}
// CHECK:     {{^}}status 42{{$}}

// DEFAULT: {{^}}status 1{{$}}

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
