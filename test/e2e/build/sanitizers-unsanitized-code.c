// If this fails, a function that a sanitizer leaves out is guarded in a program
// whose heap the sanitizer owns.
// REQUIRES: compiler-rt
// UNSUPPORTED: guard-static
// RUN: %clang -O0 -fsanitize=address %s -o %t
// RUN: %run %t 2>&1 | %check %s --check-prefix=WRAPPER
// RUN: %clang -O2 -fsanitize=address %s -o %t
// RUN: %run %t 2>&1 | %check %s --check-prefix=WRAPPER
// Without the wrapper the runtime is there, and stands down.
// RUN: %plain -O0 -fsanitize=address -fpass-plugin=%plugin %s -o %t -L%lib -lheapfence_rt
// RUN: %run %t 2>&1 | %check %s --check-prefix=PLUGIN
// RUN: %plain -O2 -fsanitize=address -fpass-plugin=%plugin %s -o %t -L%lib -lheapfence_rt
// RUN: %run %t 2>&1 | %check %s --check-prefix=PLUGIN
#include <stdio.h>
#include <stdlib.h>

__attribute__((no_sanitize("address"), noinline)) static void unsanitized(void) {
  char *volatile P = malloc(10);
  P[1] = 1;
  free(P);
}

int main(void) {
  unsanitized();
  puts("done");
}
// WRAPPER-NOT: HeapFence
// WRAPPER: {{^}}done

// PLUGIN: {{^}}==[[#]]==HeapFence: off: the program is built with a sanitizer that owns its heap
// PLUGIN-NOT: HeapFence
// PLUGIN: {{^}}done
