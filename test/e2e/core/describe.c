// If this fails, `heapfence describe` tells wrong what is at an address of a
// running or stopped process.
// RUN: %clang -O1 -g %s -o %t
// RUN: env HF_TOOL=%hf %run %t 2>&1 | %check %s
// RUN: env HF_TOOL=%hf HF=guard=mprotect %run %t 2>&1 | %check %s
// RUN: env HF_TOOL=%hf HF=sample_every=0:light_slots=0 %run %t 2>&1 | %check %s
// What a call returns to is as far behind it as the process's CPU has it.
// RUN: %if cpu-aarch64 %{ env HF_TOOL=%hf %run %t 2>&1 | %check %s --check-prefix=ARM64 %}
// RUN: %plain -O1 -g %s -o %t.plain
// RUN: env HF_TOOL=%hf %t.plain 2>&1 | %check %s --check-prefix=WITHOUT
// RUN: not %hf describe 999999999 0x10 2>&1 | %check %s --check-prefix=NOBODY
// RUN: not %hf describe 1 here 2>&1 | %check %s --check-prefix=USAGE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int child;

static void ask(const char *what, uintptr_t address) {
  char command[4096];
  snprintf(command, sizeof(command), "$HF_TOOL describe %d %#lx", child,
           (unsigned long)address);
  printf("%s:\n", what);
  fflush(stdout);
  printf("status %d\n", system(command) / 256);
}

int main(void) {
  char *volatile p = malloc(40), *volatile q = malloc(50);
  free(q);
  // First the process itself, then one that is stopped.
  child = getpid();
  ask("inside", (uintptr_t)p + 3);
  child = fork();
  if (!child) {
    raise(SIGSTOP);
    _exit(0);
  }
  waitpid(child, NULL, WUNTRACED);
  ask("stopped", (uintptr_t)p + 3);
  ask("past", (uintptr_t)p + 40);
  ask("freed", (uintptr_t)q + 49);
  ask("nowhere", (uintptr_t)p | 0x3fffffff);
  ask("outside", (uintptr_t)&child);
  kill(child, SIGKILL);
  free(p);
}
// CHECK:      {{^}}inside:
// CHECK-NEXT: 3 bytes inside of 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site
// CHECK-NEXT: allocated by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in main {{.*}}describe.c:32:
// CHECK-NOT:  freed
// CHECK:      status 0
// CHECK-NEXT: {{^}}stopped:
// CHECK-NEXT: 3 bytes inside of 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site
// CHECK:      {{^}}past:
// CHECK-NEXT: 0 bytes after 40-byte region [{{.*}}) (heapfence-#1, {{(char, )?}}site
// CHECK:      {{^}}freed:
// CHECK-NEXT: 49 bytes inside of 50-byte region [{{.*}}) (heapfence-#2, {{(char, )?}}site
// CHECK-NEXT: freed by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in main {{.*}}describe.c:33:
// CHECK:      previously allocated by thread T0 here:
// CHECK-NEXT: #0 {{.*}} in main {{.*}}describe.c:32:
// CHECK:      {{^}}nowhere:
// CHECK-NEXT: is in pool memory that never belonged to an object
// CHECK-NEXT: status 0
// CHECK-NEXT: {{^}}outside:
// CHECK-NEXT: is not in guarded memory
// CHECK-NEXT: status 0

// ARM64:      allocated by thread T0 here:
// ARM64-NEXT: #0 0x{{[0-9a-f]+[048c]}} in main

// WITHOUT: heapfence: process {{[0-9]+}}: HeapFence is not on in it
// WITHOUT: status 1
// NOBODY:  heapfence: process 999999999: there is none
// USAGE:   heapfence: 'here' is not an address
