// If this fails, an error in another thread than the allocating one goes
// unseen, or is told as the wrong thread's.
// RUN: %clang -O0 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clang -O2 -pthread %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *use(void *P) {
  *(volatile int *)P += 1;
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t Thread;
  int *volatile P = calloc(1, sizeof(int));
  if (argc == 1)
    free(P);
  pthread_create(&Thread, NULL, use, P);
  pthread_join(Thread, NULL);
  if (argc > 1)
    free(P);
  puts("done");
}
// CHECK:      ERROR: HeapFence: heap-use-after-free
// CHECK-NEXT: {{^}}{{READ|WRITE}} at [[P:0x[0-9a-f]+]] thread T1{{$}}
// CHECK:      {{^}}[[P]] is located 0 bytes inside of 4-byte region [
// CHECK-NEXT: {{^}}freed by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}thread.c:[[#@LINE-11]]:5 (
// CHECK:      {{^}}previously allocated by thread T0 here:
// CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}thread.c:[[#@LINE-15]]:21 (
// CHECK:      {{^}}done

// FIXED-NOT: HeapFence
// FIXED: {{^}}done
