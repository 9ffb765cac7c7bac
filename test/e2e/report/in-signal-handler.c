// If this fails, an error in a signal handler goes unseen or hangs, or its
// stack ends at the handler.
// RUN: %clang -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile int *volatile Shared;

static void handle(int Signal) { *Shared = Signal; }

int main(int argc, char **argv) {
  Shared = malloc(sizeof(int));
  signal(SIGUSR1, handle);
  if (argc == 1)
    free((void *)Shared);
  raise(SIGUSR1);
  if (argc > 1)
    free((void *)Shared);
  puts("done");
}
// CHECK:      heap-use-after-free
// CHECK-NEXT: {{^}}WRITE at [[P:0x[0-9a-f]+]] thread T0
// CHECK-NEXT: {{^}}    #0 {{.*}} in handle {{.*}}handler.c:[[#@LINE-14]]:
// CHECK:      {{^}}    #{{.*}} in main {{.*}}handler.c:[[#@LINE-8]]:
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 4-byte region [
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
