// If this fails, a report that is suppressed or dropped ends the program, or one
// behind it, that is made, does not.
// RUN: %clang -O0 %s -o %t
// RUN: env OPTIONS=on_error=exit:exitcode=42 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=EXIT --implicit-check-not=ERROR
// RUN: env OPTIONS=on_error=abort sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=ABORT --implicit-check-not=ERROR
// RUN: env OPTIONS=on_error=exit:exitcode=42 sh %S/Inputs/suppress 'kind:*' %t %run | %check %s --check-prefix=GOES-ON
// RUN: env OPTIONS=on_error=abort sh %S/Inputs/suppress 'kind:*' %t %run | %check %s --check-prefix=GOES-ON
// RUN: env OPTIONS=on_error=exit:exitcode=0 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=ZERO
// A limit that is not reached changes nothing; the first report ends all.
// RUN: env OPTIONS=on_error=exit:exitcode=42:max_reports=1 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=EXIT --implicit-check-not=ERROR
// RUN: env OPTIONS=on_error=exit:exitcode=42:reports_per_minute=1 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=EXIT --implicit-check-not=ERROR
// RUN: env OPTIONS=max_reports=1 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=GO-ON
// RUN: %clang -O2 %s -o %t
// RUN: env OPTIONS=on_error=exit:exitcode=42 sh %S/Inputs/suppress kind:double-free %t %run | %check %s --check-prefix=EXIT --implicit-check-not=ERROR
// RUN: env OPTIONS=on_error=exit:exitcode=42 sh %S/Inputs/suppress kind:double-free %t %run fixed | %check %s --check-prefix=GOES-ON
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  char *volatile P = malloc(1), *volatile Q = malloc(1), *volatile R = malloc(1);
  free(P);
  free(Q);
  free(R);
  setvbuf(stdout, NULL, _IONBF, 0);
  if (argc == 1) {
    free(P);
    puts("first");
    *Q = 1;
    puts("second");
    *R = 1;
  }
  puts("done");
}
// EXIT:      {{^}}first
// EXIT-NEXT: ERROR: HeapFence: heap-use-after-free
// EXIT-NOT:  {{^}}second
// EXIT:      {{^}}status 42{{$}}

// ABORT:      {{^}}first
// ABORT-NEXT: ERROR: HeapFence: heap-use-after-free
// ABORT-NOT:  {{^}}second
// ABORT:      {{^}}status 134{{$}}

// GOES-ON-NOT: HeapFence
// GOES-ON: {{^}}done
// GOES-ON: {{^}}status 0{{$}}

// ZERO:     {{^}}SUMMARY
// ZERO-NOT: {{^}}second
// ZERO:     {{^}}status 0{{$}}

// GO-ON:     ERROR: HeapFence: heap-use-after-free
// GO-ON-NOT: ERROR
// GO-ON:     {{^}}done
// GO-ON:     {{^}}status 0{{$}}
