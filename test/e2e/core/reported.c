// If this fails, the core file of a program that on_error=abort ended does not
// tell which object the error was in.
// REQUIRES: core-files
// RUN: %clang -O1 -g %s -o %t
// RUN: env HF=on_error=abort %S/Inputs/dump %t.core %t twice 2>&1 | %check %s --check-prefix=LIVE
// RUN: %hf core %t.core %t | %check %s
// RUN: env HF=on_error=abort %S/Inputs/dump %t.core %t after 2>&1 | %check %s --check-prefix=LIVE
// RUN: %hf core %t.core %t | %check %s
// Nine of twelve:
// RUN: env HF=on_error=continue %S/Inputs/dump %t.core %t many > %t.out 2>&1
// RUN: %hf core %t.core %t | %check %s --check-prefix=MANY
// RUN: rm %t.core
#include <stdlib.h>
#include <string.h>

static char *volatile p, *volatile other[12];

int main(int argc, char **argv) {
  const char *what = argv[1];
  other[0] = malloc(8);
  p = malloc(33);
  if (!strcmp(what, "many"))
    for (int i = 0; i != 12; ++i) {
      free(other[i] = malloc(64));
      other[i][3] = i < 9 ? 1 : other[0][0];
      if (i == 8)
        abort();
    }
  free(p);
  if (!strcmp(what, "after"))
    p[argc] = 1;
  free(p);
}
// LIVE:       ERROR: HeapFence:

// CHECK:      HeapFence: the process was ended by SIGABRT, which tells no address
// CHECK-NEXT: HeapFence: an error in this object was reported before:
// CHECK-NEXT: 33-byte region [{{.*}}) (heapfence-#2,
// CHECK-NEXT: freed by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in main {{.*}}reported.c:29:
// CHECK:      previously allocated by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in main {{.*}}reported.c:21:
// CHECK-NOT:  reported before
// CHECK-NOT:  ERROR: HeapFence
// CHECK-NOT:  no error is seen

// MANY-COUNT-8: HeapFence: an error in this object was reported before:
// MANY:         HeapFence: as were errors in others: 1 object
