// If this fails, a stack does not reach main with the frame pointers or unwind
// tables that the program has, or unwind and stack_frames do not do as told.
// RUN: %clang -O2 -g -fno-omit-frame-pointer %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: env HF=unwind=cfi %run %t 2>&1 | %hf symbolize | %check %s
// RUN: env HF=unwind=frame_pointer %run %t 2>&1 | %hf symbolize | %check %s
// RUN: env HF=unwind=none %run %t 2>&1 | %hf symbolize | %check %s --check-prefix=ONE
// RUN: env HF=stack_frames=1 %run %t 2>&1 | %hf symbolize | %check %s --check-prefix=ONE
// RUN: %clang -O2 -g -fomit-frame-pointer %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
// RUN: %clang -O0 -g %s -o %t
// RUN: %run %t 2>&1 | %hf symbolize | %check %s
#include <stdio.h>
#include <stdlib.h>

#define APART __attribute__((noinline))
static volatile int Calls;
APART static void *obtain(void) { void *P = malloc(7); return ++Calls, P; }
APART static void *ask(void) { void *P = obtain(); return ++Calls, P; }
APART static void release(void *P) { free(P), ++Calls; }
APART static void use(volatile char *P) { P[6] = 1, ++Calls; }

int main(void) {
  void *P = ask();
  release(P);
  use(P);
  puts("done");
}
// CHECK:      {{^}}    #0 {{.*}} in use {{.*}}unwinding.c:[[#@LINE-8]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}unwinding.c:[[#@LINE-4]]:
// CHECK:      {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in release {{.*}}unwinding.c:[[#@LINE-12]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in main {{.*}}unwinding.c:[[#@LINE-8]]:
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in obtain {{.*}}unwinding.c:[[#@LINE-17]]:
// CHECK-NEXT: {{^}}    #1 {{.*}} in ask {{.*}}unwinding.c:[[#@LINE-17]]:
// CHECK-NEXT: {{^}}    #2 {{.*}} in main {{.*}}unwinding.c:[[#@LINE-13]]:
// CHECK:      {{^}}done

// ONE:      {{^}}    #1 {{.*}} in main
// ONE:      {{^}}freed by thread T0 here:
// ONE-NEXT: {{^}}    #0 {{.*}} in release {{.*}}unwinding.c:[[#@LINE-22]]:
// ONE-NEXT: {{^}}previously allocated by thread T0 here:
// ONE-NEXT: {{^}}    #0 {{.*}} in obtain {{.*}}unwinding.c:[[#@LINE-26]]:
// ONE-NEXT: {{^}}SUMMARY
