// If this fails, memory that is freed by another family of functions than
// allocated it goes unseen, or the right family is reported.
// RUN: %clangxx -O0 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
// RUN: env HF=check_mismatch=0 %run %t 2>&1 | %check %s --check-prefix=FIXED
// RUN: %clangxx -O2 %s -o %t
// RUN: %run %t 2>&1 | %check %s
// RUN: %run %t fixed 2>&1 | %check %s --check-prefix=FIXED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

template <typename T> static T *hide(T *P) {
  T *volatile Hidden = P;
  return Hidden;
}

int main(int argc, char **argv) {
  bool HasBug = argc == 1;
  char *P = hide(static_cast<char *>(malloc(10)));
  char *Q = hide(strdup("text"));
  long *N = hide(new long(1));
  long *A = hide(new long[2]);
  long *B = hide(new long[3]);
  if (!HasBug) {
    free(P);
    free(Q);
    delete N;
    delete[] A;
    delete[] B;
    puts("done");
    return 0;
  }
  // CHECK:      ERROR: HeapFence: alloc-dealloc-mismatch on address [[P:0x[0-9a-f]+]] at pc
  // CHECK-NEXT: {{^}}operator delete, allocated by malloc, of [[P]] by thread T0 here:
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE+6]]:3 (
  // CHECK:      {{^}}[[P]] is located 0 bytes inside of 10-byte region [
  // CHECK-NEXT: {{^}}allocated by thread T0 here:
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE-19]]:{{[0-9]+}} (
  // CHECK:      {{^}}SUMMARY: HeapFence: alloc-dealloc-mismatch {{.*}}family.cpp:[[#@LINE+2]]:3 in main
  // Sized or not, as the standard has it: the family comes first.
  delete P;
  // CHECK:      operator delete[], allocated by strdup, of 0x
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE+1]]:3 (
  delete[] Q;
  // CHECK:      free, allocated by operator new, of 0x
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE+1]]:3 (
  free(N);
  // CHECK:      operator delete, allocated by operator new[], of 0x
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE+1]]:3 (
  delete A;
  // CHECK:      realloc, allocated by operator new[], of 0x
  // CHECK-NEXT: {{^}}    #0 {{.*}} in main {{.*}}family.cpp:[[#@LINE+1]]:27 (
  B = static_cast<long *>(realloc(B, 100));
  printf("%ld\n", B[0]);
  free(B);
  puts("done");
}
// The program goes on, and what it did is in force.
// CHECK: {{^}}0
// CHECK: {{^}}done
// FIXED-NOT: HeapFence
// FIXED: {{^}}done
